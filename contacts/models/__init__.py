"""Areas, role types, people and their postings, and which open data has been loaded."""

from contacts.models.areas import OutwardCode, Place, PlaceRegion, Region
from contacts.models.claims import OPEN_CLAIMS, Claim, ClaimedSchool, ClaimState
from contacts.models.gateways import Gateway, GatewayMeeting, GatewayType
from contacts.models.keeping import HandOver, Merge, Report, ReportKind, ReportState
from contacts.models.needs import Need
from contacts.models.official import (
    OFFICIAL_AT_WORK,
    OFFICIAL_IN_USE,
    CameBy,
    Decision,
    OfficialAddress,
    OfficialChange,
    OfficialConflict,
    OfficialFilePart,
    OfficialImport,
    OfficialState,
    Publisher,
    Sort,
)
from contacts.models.people import (
    CheckedBy,
    Listing,
    Person,
    Posting,
    Visibility,
    WorkDetails,
)
from contacts.models.reaching import DetailsOpened, DetailsRequest
from contacts.models.reference import Dataset, RoleType
from contacts.models.region_grants import RegionGrant
from contacts.models.sheets import Choice, ImportRow, ImportRun, Outcome, RunState
from contacts.models.verification import (
    Asked,
    ChangeKind,
    Check,
    CheckOutcome,
    Letter,
    LetterKind,
    Objection,
    PostingChange,
)

__all__ = [
    "OFFICIAL_AT_WORK",
    "OFFICIAL_IN_USE",
    "OPEN_CLAIMS",
    "Asked",
    "CameBy",
    "ChangeKind",
    "Check",
    "CheckOutcome",
    "CheckedBy",
    "Choice",
    "Claim",
    "ClaimState",
    "ClaimedSchool",
    "Dataset",
    "Decision",
    "DetailsOpened",
    "DetailsRequest",
    "Gateway",
    "GatewayMeeting",
    "GatewayType",
    "HandOver",
    "ImportRow",
    "ImportRun",
    "Letter",
    "LetterKind",
    "Listing",
    "Merge",
    "Need",
    "Objection",
    "OfficialAddress",
    "OfficialChange",
    "OfficialConflict",
    "OfficialFilePart",
    "OfficialImport",
    "OfficialState",
    "Outcome",
    "OutwardCode",
    "Person",
    "Place",
    "PlaceRegion",
    "Posting",
    "PostingChange",
    "Publisher",
    "Region",
    "RegionGrant",
    "Report",
    "ReportKind",
    "ReportState",
    "RoleType",
    "RunState",
    "Sort",
    "Visibility",
    "WorkDetails",
]
