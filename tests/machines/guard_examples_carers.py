"""Examples of the guards in guards/carers.py and guards/consents.py."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from casework.machines.facts import Child, Facts, Filed, Host, Relative
from casework.machines.forms import (
    CareAgreement,
    CarerVerification,
    Condition,
    Consent,
    Incident,
    OptionSheet,
    Party,
    PassedOver,
    StatementLetter,
)
from casework.machines.guards.carers import REQUIRED
from casework.machines.guards.standing import NOT_FOR_CHILDREN
from tests.machines.builders import CHILD, LKSA, PROVINCE, UNCLE, WORKER, document, facts, record, to
from tests.machines.guard_book import Book
from tests.machines.samples import sign

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails


def incident(household: str, /, **changes: Any) -> Filed[Incident]:
    """Return an incident about this household, open unless closed."""
    return record(Incident, 3, **{"type": "physical", "subject_household": household, **changes})


code = "kin_assessed_suitable"
SUITABLE: dict[str, Any] = {
    "rung": "kin",
    "candidate": UNCLE.id,
    "status": "suitable",
    "willing": "yes",
    "assessed_suitable": "yes",
    "code": "",
}
KIN: dict[str, Any] = {"subject": to(relative=UNCLE.id), "relatives": (UNCLE,)}
holds(code, "this uncle, 90 days ago", facts(record(OptionSheet, 90, **SUITABLE), **KIN))
fails(code, "91 days ago", facts(record(OptionSheet, 91, **SUITABLE), **KIN))
fails(code, "another relative", facts(record(OptionSheet, 1, **{**SUITABLE, "candidate": "kin-aunt"}), **KIN))
fails(code, "on another rung", facts(record(OptionSheet, 1, **{**SUITABLE, "rung": "foster"}), **KIN))
fails(
    code, "ruled out since", facts(record(OptionSheet, 5, **SUITABLE), record(OptionSheet, 1, **{**SUITABLE, "status": "ruled_out"}), **KIN)
)
fails(code, "unwilling", facts(record(OptionSheet, 1, **{**SUITABLE, "willing": "no"}), **KIN))
holds(
    code,
    "a log of the tracing by a PSM since",
    facts(
        record(OptionSheet, 1, **SUITABLE),
        record(OptionSheet, 0, header={"author_role": "psm"}, **SUITABLE | {"status": "open", "willing": ""}),
        **KIN,
    ),
)
fails(code, "assessed by a PSM", facts(record(OptionSheet, 1, header={"author_role": "psm"}, **SUITABLE), **KIN))
fails(code, "assessed by a house", facts(record(OptionSheet, 1, header={"author_role": "lksa_head"}, **SUITABLE), **KIN))
fails(code, "not in the family register", facts(record(OptionSheet, 1, **SUITABLE), subject=to(relative=UNCLE.id)))
fails(
    code,
    "of the fourth degree",
    facts(record(OptionSheet, 1, **SUITABLE), subject=to(relative=UNCLE.id), relatives=(replace(UNCLE, degree=4),)),
)
fails(
    code,
    "a parent",
    facts(record(OptionSheet, 1, **SUITABLE), subject=to(relative=UNCLE.id), relatives=(Relative(UNCLE.id, "Budi", "father", 1),)),
)
fails(code, "nothing filed", facts(**KIN))
OPEN = "An incident against this setting is open."
NO_KIND = "This setting is not of a kind for this placement."
HOUSEHOLD = Host("host-kin", "Keluarga Ahmad", "kin_household", "active", "d")
AT_HOME: dict[str, Any] = {**KIN, "subject": replace(to(host=HOUSEHOLD.id), relative=UNCLE.id)}
fails(code, "with an open incident", facts(record(OptionSheet, 1, **SUITABLE), incident(UNCLE.id), **KIN), OPEN)
holds(code, "with a closed incident", facts(record(OptionSheet, 1, **SUITABLE), incident(UNCLE.id, closed="yes"), **KIN))
holds(code, "in the uncle's household", facts(record(OptionSheet, 1, **SUITABLE), host=HOUSEHOLD, **AT_HOME))
fails(code, "in an institution", facts(record(OptionSheet, 1, **SUITABLE), host=replace(HOUSEHOLD, kind="lksa"), **AT_HOME), NO_KIND)
fails(
    code,
    "in his household, with an incident against the uncle",
    facts(record(OptionSheet, 1, **SUITABLE), incident(UNCLE.id), host=HOUSEHOLD, **AT_HOME),
    OPEN,
)

code = "care_agreement_signed"
TO_UNCLE: dict[str, Any] = {"subject": to(relative=UNCLE.id)}
holds(code, "with this uncle", facts(record(CareAgreement, 1), **TO_UNCLE))
fails(code, "with somebody else", facts(record(CareAgreement, 1, carer="kin-aunt"), **TO_UNCLE))
fails(
    code,
    "the carer did not sign",
    facts(record(CareAgreement, 1, parties=(Party("carer", "Ahmad", signed="no"), Party("parent", "Ani"))), **TO_UNCLE),
)
fails(code, "of another kind", facts(record(CareAgreement, 1, kind="permanent"), **TO_UNCLE))
fails(code, "nothing filed", facts(**TO_UNCLE))

FAMILY = Host("host-foster", "Keluarga Rahman", "foster_family", "active", "d")
CARER: dict[str, Any] = {"subject": to(host=FAMILY.id), "host": FAMILY}


def carer(kind: str, /, *more: Filed[Any], about: dict[str, Any] | None = None, **changes: Any) -> Facts:
    """Return facts with a carer of this kind verified in every condition. `more` is filed too, `about` changes the facts."""
    conditions = tuple(Condition(each, "yes") for each in REQUIRED[kind])  # type: ignore[arg-type]
    verified = record(CarerVerification, 1, **{"kind": kind, "conditions": conditions, **changes})
    return facts(verified, *more, **{**CARER, **(about or {})})


for code, _kind, _others in (
    ("foster_parent_cleared", "foster", "guardian"),
    ("guardian_cleared", "guardian", "cota"),
    ("adopter_cleared", "cota", "foster"),
):
    holds(code, "every condition", carer(_kind))
    holds(code, "30 today", carer(_kind, born=date(1995, 6, 10)))
    fails(code, "30 tomorrow", carer(_kind, born=date(1995, 6, 11)))
    fails(code, "somebody else verified", carer(_kind, candidate="host-other"))
    fails(code, "verified as something else", carer(_others))
    fails(code, "nothing filed", facts(**CARER))
    for _missing in REQUIRED[_kind]:
        _conditions = tuple(Condition(each, "no" if each == _missing else "yes") for each in REQUIRED[_kind])  # type: ignore[arg-type]
        fails(code, f"not {_missing}", carer(_kind, conditions=_conditions))
    holds(code, "55 and a day short of 56", carer(_kind, born=date(1969, 6, 11)))
fails("foster_parent_cleared", "56 today", carer("foster", born=date(1969, 6, 10)))
fails("adopter_cleared", "56 today", carer("cota", born=date(1969, 6, 10)))
HOMES = {
    "foster_parent_cleared": ("foster", ("foster_family",)),
    "guardian_cleared": ("guardian", ("guardian_household", "kin_household", "foster_family")),
    "adopter_cleared": ("cota", ("adoptive_family", "foster_family")),
}
for code, (_kind, _homes) in HOMES.items():
    for _home in ("foster_family", "guardian_household", "adoptive_family", "kin_household", "neighbour_household", "lksa", "uptd", "rpsa"):
        _facts = carer(_kind, about={"host": replace(FAMILY, kind=_home)})
        if _home in _homes:
            holds(code, f"a {_home}", _facts)
        else:
            fails(code, f"a {_home}", _facts, NO_KIND)
    fails(code, "an LKS for other people", carer(_kind, about={"host": replace(FAMILY, kind="lks")}), NOT_FOR_CHILDREN.en)
    for _status in ("registered", "restricted", "suspended", "revoked", "expired"):
        fails(code, f"{_status}", carer(_kind, about={"host": replace(FAMILY, status=_status)}), f"The setting is {_status}.")
    fails(code, "somebody there is under investigation", carer(_kind, about={"host": replace(FAMILY, implicated_persons=1)}))
    fails(code, "with an open incident", carer(_kind, incident(FAMILY.id)), OPEN)
    fails(code, "with an open incident of the round before", carer(_kind, incident(FAMILY.id, header={"round": 0})), OPEN)
    holds(code, "with a closed incident", carer(_kind, incident(FAMILY.id, closed="yes")))
    holds(code, "with an open incident elsewhere", carer(_kind, incident("host-other")))
    holds(code, "with an open incident at no household", carer(_kind, incident("")))
    fails(code, "not in the register", carer(_kind, about={"host": None}), "The setting named is not found.")
    fails(code, "another in the register", carer(_kind, about={"host": replace(FAMILY, id="host-x")}), "The setting named is not found.")
    fails(code, "nobody named", carer(_kind, candidate="x", about={"subject": to()}), "The request names no carer for this placement.")
    _relative = carer(_kind, candidate=UNCLE.id, about={"subject": to(relative=UNCLE.id), "host": None})
    if code == "guardian_cleared":
        holds(code, "an uncle, who has no host's row", _relative)
        fails(code, "an uncle with an open incident", replace(_relative, records=(*_relative.records, incident(UNCLE.id))), OPEN)
    else:
        fails(code, "an uncle", _relative, "The request names no carer for this placement.")
holds("guardian_cleared", "a grandmother of 70", carer("guardian", born=date(1955, 1, 1)))

code = "guardian_is_natural_person"
holds(code, "an aunt", carer("guardian"))
fails(code, "a foundation", carer("guardian", legal_form="legal_person"))
fails(code, "nothing filed", facts(**CARER))
fails(code, "only verified as a foster parent", carer("foster"))

code = "guardian_preference_order_followed"
FAMILY_PASSED = PassedOver("family", "unwilling", "menolak")
RELATIVES_PASSED = PassedOver("relative", "unknown", "tidak ada")
holds(code, "a family member", carer("guardian", rank="family"))
holds(code, "a relative, the family passed over", carer("guardian", rank="relative", preference_order=(FAMILY_PASSED,)))
holds(code, "another, both passed over", carer("guardian", rank="other", preference_order=(FAMILY_PASSED, RELATIVES_PASSED)))
fails(code, "a relative, the family forgotten", carer("guardian", rank="relative"))
fails(code, "another, relatives forgotten", carer("guardian", rank="other", preference_order=(FAMILY_PASSED,)))
fails(code, "another, the family forgotten", carer("guardian", rank="other", preference_order=(RELATIVES_PASSED,)))
fails(code, "nothing filed", facts(**CARER))

UNKNOWN_RELIGION = Child("c", CHILD.born, "day", "unknown")
code = "same_religion"
holds(code, "both islam", carer("foster"))
fails(code, "a protestant carer", carer("foster", religion="protestant"))
fails(code, "of somebody else", carer("foster", candidate="host-other"))
fails(code, "both unknown", replace(carer("foster", religion="unknown"), child=UNKNOWN_RELIGION))
fails(code, "nothing filed", facts(**CARER))

code = "religion_compatible"
holds(code, "an islamic institution", facts(host=LKSA))
holds(code, "no religious base", facts(host=replace(LKSA, religion=None)))
holds(code, "no religious base, religion unknown", facts(host=replace(LKSA, religion=None), child=UNKNOWN_RELIGION))
fails(code, "a catholic institution", facts(host=replace(LKSA, religion="catholic")))
fails(code, "religion unknown on both sides", facts(host=replace(LKSA, religion="unknown"), child=UNKNOWN_RELIGION))
fails(code, "no institution named", facts())

TO_LKSA: dict[str, Any] = {"subject": to(host=LKSA.id)}
BY_DINAS: dict[str, Any] = {"signed_by": "dinas", "absence": "deceased", "signatures": sign("dinas", "witness")}
AS_PARTY: dict[str, Any] = {"carer": LKSA.id, "dinas_because": "deceased", "parties": (Party("dinas", "Dinas"), Party("lksa", "LKSA"))}
code = "parent_consent_or_court_or_dinas"
holds(code, "the mother agrees to this setting", facts(record(StatementLetter, 1), **TO_LKSA))
holds(code, "the guardian agrees", facts(record(StatementLetter, 1, signed_by="guardian", signatures=sign("guardian")), **TO_LKSA))
holds(code, "the court", facts(documents=(document("placement_order"),), **TO_LKSA))
holds(code, "Dinas as a party", facts(record(CareAgreement, 1, **AS_PARTY), **TO_LKSA))
holds(code, "to the receiving body", facts(record(StatementLetter, 1, carer=PROVINCE.id), subject=to(receiver=PROVINCE.id)))
holds(
    code,
    "Dinas as a party towards the receiving body",
    facts(record(CareAgreement, 1, **{**AS_PARTY, "carer": PROVINCE.id}), subject=to(receiver=PROVINCE.id)),
)
fails(code, "nothing filed", facts(**TO_LKSA))
fails(code, "to another setting", facts(record(StatementLetter, 1, carer="host-other"), **TO_LKSA))
fails(code, "refused", facts(record(StatementLetter, 1, consent="refused"), **TO_LKSA))
fails(code, "given, then withdrawn", facts(record(StatementLetter, 5), record(StatementLetter, 1, consent="withdrawn"), **TO_LKSA))
fails(code, "not signed by a parent", facts(record(StatementLetter, 1, signatures=sign("witness")), **TO_LKSA))
fails(
    code,
    "a letter by Dinas",
    facts(record(StatementLetter, 1, signed_by="dinas", absence="deceased", signatures=sign("dinas", "parent")), **TO_LKSA),
)
fails(code, "Dinas as a party without a reason", facts(record(CareAgreement, 1, **{**AS_PARTY, "dinas_because": ""}), **TO_LKSA))
fails(
    code,
    "Dinas did not sign",
    facts(record(CareAgreement, 1, **{**AS_PARTY, "parties": (Party("dinas", "Dinas", signed="no"),)}), **TO_LKSA),
)
fails(code, "Dinas as a party for another setting", facts(record(CareAgreement, 1, **{**AS_PARTY, "carer": "host-other"}), **TO_LKSA))
fails(code, "Dinas as a party of another agreement", facts(record(CareAgreement, 1, **{**AS_PARTY, "kind": "family"}), **TO_LKSA))
fails(code, "of the round before", facts(record(StatementLetter, 1), about={"round": 2}, **TO_LKSA))

code = "statement_letter_signed"
holds(code, "by the mother", facts(record(StatementLetter, 1), **TO_LKSA))
holds(code, "by Dinas and a witness", facts(record(StatementLetter, 1, **BY_DINAS), **TO_LKSA))
holds(code, "the court", facts(documents=(document("placement_order"),), **TO_LKSA))
fails(code, "nothing filed", facts(**TO_LKSA))
fails(code, "signed by nobody", facts(record(StatementLetter, 1, signatures=sign("witness", "dinas")), **TO_LKSA))
fails(
    code, "by Dinas without a witness", facts(record(StatementLetter, 1, **{**BY_DINAS, "signatures": sign("dinas", "parent")}), **TO_LKSA)
)
fails(code, "for Dinas by a witness only", facts(record(StatementLetter, 1, **{**BY_DINAS, "signatures": sign("witness")}), **TO_LKSA))
fails(code, "by Dinas without a reason", facts(record(StatementLetter, 1, **{**BY_DINAS, "absence": ""}), **TO_LKSA))
fails(code, "about another setting", facts(record(StatementLetter, 1, carer="host-other"), **TO_LKSA))

code = "parental_consent_or_court"
TO_ADOPTION: dict[str, Any] = {"purposes": ("adoption",)}
for _giver in ("mother", "father", "guardian"):
    holds(code, f"the {_giver}", facts(record(Consent, 1, giver=_giver, **TO_ADOPTION)))
holds(code, "in the letter", facts(record(StatementLetter, 1, consents_to_adoption="yes")))
holds(code, "the court", facts(documents=(document("adoption_consent_order"),)))
fails(code, "nothing filed", facts())
fails(code, "by the child", facts(record(Consent, 1, giver="child", **TO_ADOPTION)))
fails(code, "to an assessment", facts(record(Consent, 1)))
fails(code, "withdrawn", facts(record(Consent, 5, **TO_ADOPTION), record(Consent, 1, decision="withdrawn", **TO_ADOPTION)))
fails(code, "as a public task", facts(record(Consent, 1, legal_basis="public_task", reason="x", **TO_ADOPTION)))
fails(code, "the letter does not speak of adoption", facts(record(StatementLetter, 1)))
fails(code, "the letter refuses", facts(record(StatementLetter, 1, consents_to_adoption="yes", consent="refused")))
fails(code, "the letter is not signed", facts(record(StatementLetter, 1, consents_to_adoption="yes", signatures=sign("dinas"))))
fails(code, "Dinas as a party", facts(record(CareAgreement, 1, **AS_PARTY)))
fails(code, "an order of placement", facts(documents=(document("placement_order"),)))

code = "court_order_attached"
GUARDIANSHIP, ADOPTION = document("guardianship_order"), document("adoption_order")
holds(code, "of guardianship", facts(documents=(GUARDIANSHIP,), trigger="record_guardianship"))
holds(code, "of adoption", facts(documents=(ADOPTION,), trigger="finalise_adoption"))
holds(code, "asked about no row: guardianship", facts(documents=(GUARDIANSHIP,)))
holds(code, "asked about no row: adoption", facts(documents=(ADOPTION,)))
fails(code, "asked about no row: none", facts())
fails(code, "of adoption, for a guardian", facts(documents=(ADOPTION,), trigger="record_guardianship"))
fails(code, "of guardianship, for an adoption", facts(documents=(GUARDIANSHIP,), trigger="finalise_adoption"))

for code, _kind in (
    ("temporary_care_permit_attached", "temporary_care_permit"),
    ("adoption_permit_attached", "adoption_permit"),
    ("death_certificate_attached", "death_certificate"),
    ("death_certificate_attached", "doctor_statement"),
    ("death_certificate_attached", "police_statement"),
    ("death_certificate_attached", "village_statement"),
):
    holds(code, f"{_kind} compared", facts(documents=(document(_kind),)))
    for _role in ("social_worker", "social_worker_on_duty", "supervisor"):
        holds(code, f"{_kind} compared by {_role}", facts(documents=(document(_kind, compared_role=_role),)))
    fails(code, f"{_kind} not compared", facts(documents=(document(_kind, compared_by=None),)))
    fails(code, f"{_kind} compared by who attached it", facts(documents=(document(_kind, compared_by=WORKER),)))
    fails(code, f"{_kind} compared by an LKSA head", facts(documents=(document(_kind, compared_role="lksa_head"),)))
    fails(code, "another paper", facts(documents=(document("other"),)))
