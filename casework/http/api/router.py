"""Every route of the JSON interface, in the order of the work."""

from litestar import Router
from litestar.di import Provide

from casework.http.api import approvals, cases, corrections, hosts, lookups, migrations, processes, records, sessions
from casework.http.api.guards import no_unread_body, only_known_parameters
from casework.http.session import call_of, session_of, store_of


def router() -> Router:
    """Return the router under `/api`."""
    return Router(
        path="/api",
        guards=[only_known_parameters, no_unread_body],
        dependencies={
            "store": Provide(store_of, sync_to_thread=False),
            "session": Provide(session_of, sync_to_thread=True),
            "call": Provide(call_of, sync_to_thread=True),
        },
        route_handlers=[
            sessions.sign_in,
            sessions.sign_out,
            sessions.show_me,
            cases.list_cases,
            cases.list_overdue,
            cases.show_counts,
            cases.register_case,
            cases.show_case,
            cases.show_journal,
            cases.advance_case,
            cases.assign_case,
            cases.add_relative,
            cases.offer_child,
            cases.answer_offer,
            processes.list_processes,
            processes.advance_process,
            records.list_records,
            records.sign_record,
            records.show_record,
            records.verify_record,
            records.attach_document,
            records.show_document,
            records.compare_document,
            records.complete_task,
            approvals.list_waiting,
            approvals.show_approval,
            approvals.request_approval,
            approvals.decide_approval,
            approvals.withdraw_approval,
            corrections.list_identity_changes,
            corrections.request_identity_change,
            corrections.approve_identity_change,
            migrations.list_migrations,
            migrations.request_migration,
            migrations.approve_migration,
            hosts.list_hosts,
            hosts.add_host,
            hosts.show_host,
            hosts.change_host,
            hosts.list_entries,
            hosts.add_entry,
            hosts.list_house_deadlines,
            hosts.advance_host,
            hosts.add_staff,
            hosts.change_staff,
            hosts.advance_staff,
            hosts.show_residents,
            hosts.request_residents,
            hosts.decide_residents,
            hosts.list_bodies,
            hosts.add_body,
            lookups.find_children,
            lookups.list_forms,
            lookups.show_form,
            lookups.show_health,
        ],
    )
