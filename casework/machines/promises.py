"""What the care journey promises on every path (DOMAIN 7.1.2, 7.1.4): said apart from the table, and proved against it.

A row of `care.py` says what one move needs. These say what must be true however a case got there, so a row that is loosened, or a new row
that opens a side door, is answered with the shortest path through it.
"""

from casework.machines import law
from casework.machines.effects import PlacementType
from casework.machines.invariants import Door, Doors, Ends, FromHome, Goal, Invariant, Never, Requires, Setting, Settled, Through
from casework.words import Words

PLAN4 = ("F04", "F06", "F07", "F08")
RUNGS = ("F05 nuclear", "F05 kin", "F05 foster", "F05 guardianship", "F05 adoption")
TWO = ("supervisor", "dinas_head")
DECIDED: tuple[PlacementType, ...] = ("kin", "foster", "guardian", "pre_adoption", "institution")
FAMILIES = ("kinship_care", "foster_care", "guardianship", "pre_adoption_care")
UNPLANNED = ("reported", "initial_assessment", "comprehensive_assessment", "aftercare", "missing", "closed", "voided")
AT_HOME = ("reported", "initial_assessment", "comprehensive_assessment", "care_planning", "family_care", "reintegration", "closed")
AFTER_A_PLACEMENT = (*FAMILIES, "care_planning", "emergency_care", "institutional_care", "institution_unverified", "trial_home_stay")

LAST_RESORT = (
    Requires(
        "institution_is_the_last_resort",
        Words(
            "Tidak ada penempatan di LKSA yang dimulai sebelum kelima pilihan keluarga dikesampingkan, rencana disetujui, anak didengar, "
            "dan dua pejabat yang berbeda menyetujui.",
            "No placement in an institution begins before all five family options are ruled out, the plan is approved, the child is heard, "
            "and two different people have approved.",
        ),
        (law.SNPA_IV_A, law.UUPA_14, law.UUPA_37, law.UNG_21_22),
        Goal(enters=("institutional_care",), begins=("institution",)),
        all_of=(*PLAN4, *RUNGS),
        approvals=TWO,
        unless=("relocate_from_lost_host",),
    ),
    Doors(
        "doors_of_institutional_care",
        Words(
            "Ke LKSA hanya lewat penerimaan; pindah dan relokasi hanya dari dalam; kembali hanya ke tempat yang masih ditahan.",
            "Into an institution only by admission; change and relocation only from inside; a return only to a place still held.",
        ),
        (law.SNPA_IV_A, law.DESIGN),
        "institutional_care",
        (
            Door("admit_to_institution", (*AFTER_A_PLACEMENT[:-3], "institution_unverified", "trial_home_stay", "reintegration")),
            Door("change_institution", ("institutional_care",)),
            Door("relocate_from_lost_host", ("institutional_care",)),
        ),
    ),
    Doors(
        "doors_of_institution_unverified",
        Words(
            "Keadaan 'belum diputuskan' hanya dimasuki lewat pendataan penghuni lama, atau relokasi dari dalam.",
            "The undecided state is entered only by registering an existing resident, or by relocation from inside.",
        ),
        (law.DESIGN_LEGACY,),
        "institution_unverified",
        (
            Door("register_existing_resident", ("reported", "initial_assessment")),
            Door("relocate_from_lost_host", ("institution_unverified",)),
        ),
    ),
    Never(
        "support_before_institution",
        Words(
            "Dari keluarga yang didukung tidak ada jalan langsung ke LKSA.",
            "No step leads from a supported family straight to an institution.",
        ),
        (law.SNPA_IV_A, law.UUPA_14),
        ("family_care",),
        ("institutional_care", "institution_unverified"),
    ),
    Never(
        "planning_before_placement",
        Words(
            "Tidak ada penempatan tetap sebelum perencanaan, atau langsung dari kasus yang ditutup atau anak yang hilang.",
            "No decided placement comes before planning, nor straight from a closed case or a missing child.",
        ),
        (law.SNPA_IV_A_4, law.SNPA_IV_A_5),
        UNPLANNED,
        (*FAMILIES, "institutional_care"),
    ),
)

LADDER = (
    Requires(
        "child_heard_before_placement",
        Words("Tidak ada penempatan tanpa pendapat anak.", "No placement begins without the child's view."),
        (law.UUPA_10_24, law.UNG_57),
        Goal(enters=(*FAMILIES, "institutional_care", "trial_home_stay"), begins=DECIDED),
        all_of=("F06",),
    ),
    Requires(
        "plan_approved_before_placement",
        Words("Tidak ada penempatan tanpa rencana pengasuhan yang disetujui.", "No placement begins without an approved care plan."),
        (law.SNPA_PLAN, law.SNPA_IV_A_5),
        Goal(enters=(*FAMILIES, "institutional_care"), begins=DECIDED),
        all_of=("F08",),
        unless=("change_foster_family", "relocate_from_lost_host"),
    ),
    Requires(
        "assessed_and_discussed_before_placement",
        Words(
            "Tidak ada penempatan tanpa asesmen lanjutan yang disetujui dan pembahasan kasus.",
            "No placement begins without an approved comprehensive assessment and a case conference.",
        ),
        (law.SNPA_ADVANCED, law.SNPA_PLAN),
        Goal(enters=(*FAMILIES, "institutional_care"), begins=DECIDED),
        all_of=("F04", "F07"),
        unless=("change_kin_family", "change_foster_family", "relocate_from_lost_host"),
    ),
    Requires(
        "family_care_by_plan",
        Words("Dukungan keluarga berjalan menurut rencana yang lengkap.", "Support of a family follows a complete plan."),
        (law.UUPA_7_14, law.UNG_15),
        Goal(enters=("family_care",)),
        all_of=PLAN4,
        approvals=("supervisor",),
    ),
    Requires(
        "nuclear_family_first",
        Words("Keluarga inti dikesampingkan lebih dulu.", "The nuclear family is ruled out first."),
        (law.UUPA_7_14, law.SNPA_IV_A),
        Goal(enters=FAMILIES),
        all_of=("F05 nuclear",),
        approvals=("supervisor",),
    ),
    Requires(
        "kin_before_strangers",
        Words("Kerabat dikesampingkan sebelum orang tua asuh atau angkat.", "Kin are ruled out before foster or adoptive parents."),
        (law.UUPA_26, law.PP44),
        Goal(enters=("foster_care", "pre_adoption_care")),
        all_of=("F05 kin",),
        approvals=TWO,
    ),
    Doors(
        "doors_of_kinship_care",
        Words("Ke kerabat hanya lewat langkahnya sendiri.", "Into kinship care only by its own steps."),
        (law.UUPA_26, law.DESIGN),
        "kinship_care",
        (
            Door(
                "place_with_kin",
                (*AFTER_A_PLACEMENT[1:], "family_care", "reintegration"),
            ),
            Door("change_kin_family", ("kinship_care",)),
        ),
    ),
    Doors(
        "doors_of_foster_care",
        Words("Ke orang tua asuh hanya lewat langkahnya sendiri.", "Into foster care only by its own steps."),
        (law.PP44, law.DESIGN),
        "foster_care",
        (
            Door("place_with_foster_family", (*(state for state in AFTER_A_PLACEMENT if state != "foster_care"), "reintegration")),
            Door("change_foster_family", ("foster_care",)),
        ),
    ),
    Doors(
        "doors_of_guardianship",
        Words("Ke perwalian hanya lewat pencatatannya.", "Into guardianship only by its recording."),
        (law.UUPA_33_36, law.DESIGN),
        "guardianship",
        (Door("record_guardianship", AFTER_A_PLACEMENT),),
    ),
    Doors(
        "doors_of_pre_adoption_care",
        Words("Ke pengasuhan pra-angkat hanya lewat langkahnya sendiri.", "Into pre-adoption care only by its own step."),
        (law.UUPA_39_41, law.DESIGN),
        "pre_adoption_care",
        (Door("start_pre_adoption_care", ("care_planning", "kinship_care", "foster_care", "guardianship", "institutional_care")),),
    ),
)

EMERGENCY = (
    Requires(
        "kin_called_before_emergency",
        Words("Kerabat dihubungi sebelum penempatan darurat.", "Kin are called before any emergency placement."),
        (law.DESIGN_EMERGENCY, law.UUPA_26),
        Goal(enters=("emergency_care",), begins=("emergency",)),
        all_of=("F23",),
        unless=("extend_emergency",),
    ),
    Doors(
        "doors_of_emergency_care",
        Words("Ke pengasuhan darurat hanya lewat langkah darurat.", "Into emergency care only by the emergency steps."),
        (law.DESIGN_EMERGENCY,),
        "emergency_care",
        (
            Door("place_in_emergency", ("reported", "initial_assessment", "comprehensive_assessment", "family_care", "reintegration",
                                        *(state for state in AFTER_A_PLACEMENT if state != "emergency_care"))),
            Door("emergency_after_missing", ("missing",)),
            Door("reopen_in_emergency", ("closed",)),
            Door("change_emergency_host", ("emergency_care",)),
            Door("extend_emergency", ("emergency_care",)),
        ),
    ),
    FromHome(
        "emergency_ends_only_to_where_it_began",
        Words(
            "Darurat diakhiri hanya bila anak masuk dari rumahnya sendiri.",
            "An emergency is ended only if the child entered it from its own home.",
        ),
        (law.DESIGN_EMERGENCY, law.UNG_49_52),
        ("end_emergency",),
        AT_HOME,
    ),
)  # fmt: skip

RETURN_AND_END = (
    Through(
        "home_through_trial_and_reintegration",
        Words(
            "Sesudah penempatan, anak pulang hanya melalui uji coba dan reintegrasi.",
            "After a placement the child goes home only through trial and reintegration.",
        ),
        (law.UNG_49_52, law.IAR),
        Goal(enters=("family_care", "closed", "reintegration")),
        by="confirm_return_home",
        unless=(
            "finalise_adoption",
            "close_permanent_placement",
            "complete_aftercare",
            "close_turned_18",
            "close_long_missing",
            "transfer_out",
            "record_death",
        ),
    ),
    Doors(
        "doors_of_the_trial_home_stay",
        Words("Uji coba pulang hanya lewat langkahnya sendiri.", "Into a trial home stay only by its own steps."),
        (law.UNG_49_52, law.DESIGN),
        "trial_home_stay",
        (
            Door("begin_trial_home_stay", tuple(state for state in AFTER_A_PLACEMENT if state != "trial_home_stay")),
            Door("trial_after_missing", ("missing",)),
        ),
        recorded=True,
    ),
    Doors(
        "doors_of_reintegration",
        Words("Reintegrasi hanya sesudah uji coba yang ditetapkan.", "Into reintegration only from a trial that was confirmed."),
        (law.IAR, law.DESIGN_REUNIFICATION),
        "reintegration",
        (Door("confirm_return_home", ("trial_home_stay",)),),
        recorded=True,
    ),
    Never(
        "closed_until_reopened",
        Words("Kasus yang ditutup hanya bergerak bila dibuka kembali.", "A closed case moves only by being reopened."),
        (law.IACM,),
        ("closed",),
        (*UNPLANNED, *AFTER_A_PLACEMENT, "family_care", "reintegration"),
        unless=("reopen", "reopen_in_emergency"),
    ),
    Requires(
        "return_home_by_two",
        Words("Kepulangan ditetapkan oleh dua pejabat.", "A return home is confirmed by two people."),
        (law.IAR, law.DESIGN_REUNIFICATION),
        Goal(enters=("reintegration",)),
        approvals=TWO,
    ),
    Requires(
        "existing_resident_by_two",
        Words("Penghuni lama didata dengan dua persetujuan.", "An existing resident is registered by two."),
        (law.DESIGN_LEGACY,),
        Goal(enters=("institution_unverified",)),
        approvals=TWO,
    ),
    Requires(
        "weighty_ends_by_two",
        Words(
            "Pengangkatan, pengasuhan permanen, alih tangan, dan penutupan tanpa anak atau keluarga diputuskan dua pejabat.",
            "Adoption, permanence, transfer, and closing without the child or the family are decided by two people.",
        ),
        (law.SNPA_ENDING, law.UUPA_39_41),
        Goal(
            fires=("finalise_adoption", "close_permanent_placement", "close_long_missing", "transfer_out", "close_family_untraceable"),
        ),
        approvals=TWO,
    ),
    Requires(
        "nobody_returns_a_child_alone",
        Words(
            "Kembali ke penempatan, akhir darurat, anak ditemukan, dan buka kembali disetujui supervisor.",
            "A return to a placement, the end of an emergency, a child found, and a reopening are approved by a supervisor.",
        ),
        (law.IAR, law.DESIGN),
        Goal(fires=("resume_previous_placement", "resume_after_missing", "end_emergency", "assess_after_missing", "reopen")),
        approvals=("supervisor",),
    ),
    Requires(
        "nobody_ends_alone",
        Words("Tidak ada kasus yang ditutup, dibatalkan, atau dilepas oleh satu orang.", "Nobody closes, voids or releases a case alone."),
        (law.SNPA_ENDING, law.IACM),
        Goal(enters=("closed", "voided", "aftercare", "trial_home_stay", "care_planning")),
        approvals=("supervisor",),
    ),
    Settled(
        "one_placement_that_fits",
        Words(
            "Di setiap tahap terbuka tepat penempatan yang sesuai; di rumah, bina lanjut, dan akhir tidak ada.",
            "In every state exactly the placement that fits is open; at home, in after-care and at the end none is.",
        ),
        (law.DESIGN,),
        (
            *(Setting(state) for state in (*AT_HOME, "aftercare", "voided")),
            Setting("emergency_care", "emergency"),
            Setting("kinship_care", "kin"),
            Setting("foster_care", "foster"),
            Setting("guardianship", "guardian"),
            Setting("pre_adoption_care", "pre_adoption"),
            Setting("institutional_care", "institution", decided=True),
            Setting("institution_unverified", "institution", decided=False),
            Setting("trial_home_stay", held=True),
            Setting("missing", held=True),
        ),
    ),
    Ends(
        "no_dead_end",
        Words("Dari setiap tahap ada jalan menuju pengakhiran.", "From every state there is a way to an end."),
        (law.DESIGN,),
        ("closed", "voided"),
    ),
)

PROMISES: tuple[Invariant, ...] = (*LAST_RESORT, *LADDER, *EMERGENCY, *RETURN_AND_END)
"""Everything the care journey promises."""
