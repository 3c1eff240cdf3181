"""Areas, role types, people and their postings, and which open data has been loaded."""

from contacts.models.areas import OutwardCode, Place, PlaceRegion, Region
from contacts.models.gateways import Gateway, GatewayMeeting, GatewayType
from contacts.models.people import (
    CheckedBy,
    Listing,
    Person,
    Posting,
    Visibility,
    WorkDetails,
)
from contacts.models.reference import Dataset, RoleType
from contacts.models.region_grants import RegionGrant
from contacts.models.sheets import Choice, ImportRow, ImportRun, Outcome, RunState

__all__ = [
    "CheckedBy",
    "Choice",
    "Dataset",
    "Gateway",
    "GatewayMeeting",
    "GatewayType",
    "ImportRow",
    "ImportRun",
    "Listing",
    "Outcome",
    "OutwardCode",
    "Person",
    "Place",
    "PlaceRegion",
    "Posting",
    "Region",
    "RegionGrant",
    "RoleType",
    "RunState",
    "Visibility",
    "WorkDetails",
]
