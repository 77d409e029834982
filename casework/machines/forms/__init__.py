"""The forms F01 to F25 (DOMAIN 3), F26, what a family is helped with, and F27, the house's month: one frozen Struct each.

From it follow the page, the validation, the JSON Schema and the storage.
"""

from casework.machines.forms.agreements import CareAgreement, Party, StatementLetter
from casework.machines.forms.assessment import (
    Action,
    Attendee,
    CaseConference,
    ChildView,
    ComprehensiveAssessment,
    InitialAssessment,
    OptionView,
    SafetyScreen,
)
from casework.machines.forms.catalogue import FORMS, KINDS, Form, Kind, code_of
from casework.machines.forms.closure import CRITERIA, SEALED, AdultService, Closure, ClosureReason, Criterion
from casework.machines.forms.fields import HOME, NotAvailable, Record, Religion, Rung, Setting, Signature, signed_by
from casework.machines.forms.identity import IdentityPaper, Kin, Parent, PersonalData, Sibling
from casework.machines.forms.institution import Beds, InstitutionProfile, StaffFile, Training
from casework.machines.forms.intake import (
    Consent,
    DuplicateSearch,
    EmergencySheet,
    ExistingResident,
    Intake,
    KinCall,
    Listed,
    ListedProof,
    Proof,
)
from casework.machines.forms.options import (
    LOG,
    NOT_APPLICABLE,
    RULED_OUT,
    TRACERS,
    Attempt,
    CarerVerification,
    Condition,
    OptionSheet,
    PassedOver,
    beyond_the_log,
)
from casework.machines.forms.placement import Acceptance, AdmissionMinutes, HandoverMinutes, Notified, Referral
from casework.machines.forms.planning import SUPPORT_REASONS, CarePlan, Service
from casework.machines.forms.reading import check, decode, json_schema, read, warnings
from casework.machines.forms.reports import Incident, MonthlyReport, ProgressReport, SocialReport
from casework.machines.forms.reunification import ContactVisit, Monitoring, Reunification
from casework.machines.forms.rights import HEADINGS, RIGHTS, NotNeeded, headed
from casework.machines.forms.support import Delivery, SupportPackage

__all__ = [
    "CRITERIA",
    "FORMS",
    "HEADINGS",
    "HOME",
    "KINDS",
    "LOG",
    "NOT_APPLICABLE",
    "RIGHTS",
    "RULED_OUT",
    "SEALED",
    "SUPPORT_REASONS",
    "TRACERS",
    "Acceptance",
    "Action",
    "AdmissionMinutes",
    "AdultService",
    "Attempt",
    "Attendee",
    "Beds",
    "CareAgreement",
    "CarePlan",
    "CarerVerification",
    "CaseConference",
    "ChildView",
    "Closure",
    "ClosureReason",
    "ComprehensiveAssessment",
    "Condition",
    "Consent",
    "ContactVisit",
    "Criterion",
    "Delivery",
    "DuplicateSearch",
    "EmergencySheet",
    "ExistingResident",
    "Form",
    "HandoverMinutes",
    "IdentityPaper",
    "Incident",
    "InitialAssessment",
    "InstitutionProfile",
    "Intake",
    "Kin",
    "KinCall",
    "Kind",
    "Listed",
    "ListedProof",
    "Monitoring",
    "MonthlyReport",
    "NotAvailable",
    "NotNeeded",
    "Notified",
    "OptionSheet",
    "OptionView",
    "Parent",
    "Party",
    "PassedOver",
    "PersonalData",
    "ProgressReport",
    "Proof",
    "Record",
    "Referral",
    "Religion",
    "Reunification",
    "Rung",
    "SafetyScreen",
    "Service",
    "Setting",
    "Sibling",
    "Signature",
    "SocialReport",
    "StaffFile",
    "StatementLetter",
    "SupportPackage",
    "Training",
    "beyond_the_log",
    "check",
    "code_of",
    "decode",
    "headed",
    "json_schema",
    "read",
    "signed_by",
    "warnings",
]
