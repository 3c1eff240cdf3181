"""Areas, role types, people and their postings, and which open data has been loaded."""

from contacts.models.areas import OutwardCode, Place, PlaceRegion, Region
from contacts.models.people import Person, Posting
from contacts.models.reference import Dataset, RoleType
from contacts.models.region_grants import RegionGrant

__all__ = [
    "Dataset",
    "OutwardCode",
    "Person",
    "Place",
    "PlaceRegion",
    "Posting",
    "Region",
    "RegionGrant",
    "RoleType",
]
