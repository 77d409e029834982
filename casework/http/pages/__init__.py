"""The pages: server-rendered, without JavaScript, Indonesian first. They decode, call one service, and write what it answered."""

from __future__ import annotations

from litestar import Router
from litestar.exceptions import HTTPException

from casework.http.pages.account import accept_invitation, account_page, change_password, end_other_sessions, end_session, invitation_page
from casework.http.pages.admin_offices import admin_home, enter_office, office_list, rename_office
from casework.http.pages.admin_people import (
    account_admin_page,
    add_account,
    end_account_seat,
    end_account_sessions,
    enter_certificate,
    enter_mail,
    give_account_seat,
    invite_again,
    new_account_page,
    people_list,
    suspend_or_restore,
    take_second_factor_away,
)
from casework.http.pages.admin_settings import keep_answer, settings_page
from casework.http.pages.attachments import add_picture, picture_itself, picture_page, withdraw_picture
from casework.http.pages.breaches import breach_list, enter_breach, take_breach_step
from casework.http.pages.cases import (
    assign,
    case_list,
    case_page,
    compare,
    complete,
    offer,
    overdue_list,
    paper,
    paper_page,
    prevention_page,
    relative,
    take_process_step,
    take_step,
    verify,
    withdraw,
)
from casework.http.pages.complaint_public import answer_page, complaint_page, send_complaint, show_answer
from casework.http.pages.complaints import (
    complaint_list,
    complaint_view,
    link_complaint_case,
    new_complaint_page,
    see_reporter,
    take_complaint_step,
    write_complaint,
)
from casework.http.pages.data_requests import data_copy, data_request_list, decide_on_data_request, enter_data_request
from casework.http.pages.decisions import decide, decision_list, decision_page
from casework.http.pages.delegations import delegation_page, give_cover, give_delegation, take_back
from casework.http.pages.desk import answer, desk_page, referral_page
from casework.http.pages.door import front_page, go_on, sign_in, sign_in_with_code, sign_in_with_passkey, sign_out, signal
from casework.http.pages.failures import page_error, problem_page
from casework.http.pages.filing import file_form, form_page, record_page, register, register_page
from casework.http.pages.glass import break_case_glass, case_glass_page, glass_page, review_case_glass
from casework.http.pages.help import help_form_page, help_page, help_rule_page
from casework.http.pages.hosts import (
    add_house_entry,
    change_host_entry,
    change_staff_entry,
    enter_body,
    enter_host,
    enter_staff,
    host_list,
    host_page,
    house_deadline_list,
    new_host_page,
    take_host_step,
    take_staff_step,
)
from casework.http.pages.identity import approve_correction, correct_identity, identity_page
from casework.http.pages.letters import letter_list
from casework.http.pages.maps import case_map_page, journey_map_page, machine_map_page
from casework.http.pages.migrations import agree_migration, ask_migration, migration_list, migration_look
from casework.http.pages.numbers import numbers_page, report_file, report_page
from casework.http.pages.oidc import come_back_from_provider, leave_for_provider
from casework.http.pages.papers import check_paper, official_paper
from casework.http.pages.residents import decide_list, listed_page, residents_page, take_listed
from casework.http.pages.reviews import keep_review, review_list, review_page, sign_review_off, write_review_notes
from casework.http.pages.second_factor import (
    add_passkey,
    remove_passkey,
    renew_recovery_codes,
    second_factor_page,
    switch_off_second_factor,
    switch_on_second_factor,
)
from casework.http.pages.statics import static_file
from casework.http.pages.team import team_page
from casework.http.pages.trails import case_readers, case_then, case_trail, exception_list, take_out, trail
from casework.http.pages.work import work_list

HANDLERS = (
    admin_home,
    enter_office,
    office_list,
    rename_office,
    account_admin_page,
    add_account,
    end_account_seat,
    end_account_sessions,
    enter_certificate,
    enter_mail,
    give_account_seat,
    invite_again,
    new_account_page,
    people_list,
    suspend_or_restore,
    take_second_factor_away,
    keep_answer,
    settings_page,
    team_page,
    accept_invitation,
    account_page,
    change_password,
    end_other_sessions,
    end_session,
    invitation_page,
    agree_migration,
    ask_migration,
    letter_list,
    migration_list,
    migration_look,
    answer_page,
    complaint_list,
    complaint_page,
    complaint_view,
    link_complaint_case,
    new_complaint_page,
    see_reporter,
    send_complaint,
    show_answer,
    take_complaint_step,
    write_complaint,
    add_house_entry,
    answer,
    approve_correction,
    assign,
    breach_list,
    case_list,
    case_page,
    case_readers,
    case_then,
    case_trail,
    change_host_entry,
    change_staff_entry,
    compare,
    complete,
    correct_identity,
    decide,
    decide_list,
    decision_list,
    decision_page,
    data_copy,
    data_request_list,
    decide_on_data_request,
    enter_data_request,
    add_picture,
    picture_page,
    picture_itself,
    withdraw_picture,
    break_case_glass,
    case_glass_page,
    glass_page,
    review_case_glass,
    delegation_page,
    desk_page,
    give_cover,
    give_delegation,
    take_back,
    enter_body,
    enter_breach,
    enter_host,
    enter_staff,
    exception_list,
    keep_review,
    review_list,
    review_page,
    sign_review_off,
    write_review_notes,
    file_form,
    form_page,
    front_page,
    go_on,
    help_form_page,
    help_page,
    help_rule_page,
    case_map_page,
    journey_map_page,
    machine_map_page,
    host_list,
    host_page,
    house_deadline_list,
    identity_page,
    listed_page,
    new_host_page,
    numbers_page,
    report_file,
    report_page,
    offer,
    overdue_list,
    prevention_page,
    paper,
    paper_page,
    record_page,
    official_paper,
    check_paper,
    referral_page,
    register,
    register_page,
    relative,
    residents_page,
    sign_in,
    sign_in_with_code,
    sign_in_with_passkey,
    add_passkey,
    remove_passkey,
    leave_for_provider,
    come_back_from_provider,
    second_factor_page,
    renew_recovery_codes,
    switch_on_second_factor,
    switch_off_second_factor,
    sign_out,
    signal,
    static_file,
    take_breach_step,
    take_host_step,
    take_listed,
    take_process_step,
    take_staff_step,
    take_step,
    take_out,
    trail,
    verify,
    withdraw,
    work_list,
)
"""Every page, by name."""


def pages_router() -> Router:
    """Return the pages for the application to mount. Their errors are pages; they are no part of the interface's document."""
    return Router(
        path="/",
        route_handlers=[*HANDLERS],
        exception_handlers={Exception: page_error, HTTPException: page_error},
        include_in_schema=False,
    )


__all__ = ["page_error", "pages_router", "problem_page"]
