"""A day of an administrator, and of who comes in by the link: an invitation, a seat, an office, who stands in, what the office answered.

And of a receiver of referrals, who knows no more than what was sent.
"""

import re

from playwright.sync_api import expect

from tests.pages.days import Day, Person

NEW = "sungai-pasang-empat-perahu"


def test_a_day_of_an_administrator(day: Day) -> None:
    admin = day.enter("ratih")
    link = invite(admin)
    come_in(day, link)
    give_a_seat(day, admin)
    enter_an_office(admin)
    let_somebody_stand_in(admin)
    keep_an_answer(admin)
    see_no_case(admin)
    done = day.journal.says("account_changed", "delegated", "question_answered", "glass_broken", "opened")
    assert [kind for kind, role in done if role == "admin"].count("account_changed") >= 3, done
    assert ("delegated", "admin") in done
    assert ("question_answered", "admin") in done


def invite(admin: Person) -> str:
    """A link that is shown once; the account waits without a password."""
    admin.told("Isi kasus tidak terlihat dari sini.", "No case can be seen from here.")
    admin.looks_right()
    admin.press("Orang dan akun", "People and accounts")
    admin.press("Undang seseorang", "Invite somebody")
    admin.write(name="Tuti Alawiyah", username="tuti")
    admin.choose(role="psm", area="64.02.13.1007")
    admin.tab.locator("main select[name=office]").select_option(index=1)
    admin.looks_right()
    admin.press("Buat akun dan tautan", "Create the account and its link")
    admin.told("Tautan ini hanya tampil sekali", "This link is shown once")
    admin.looks_right()
    link = str(re.sub(r"^https?://[^/]+", "", admin.tab.locator(".secret code").inner_text()))
    admin.press("Ke akunnya", "To the account")
    admin.told("belum pernah", "never")
    return link


def come_in(day: Day, link: str) -> None:
    """Who was invited sets a password, and it works."""
    stranger = day.doors.stranger(day.way)
    stranger.tab.goto(link)
    stranger.write(new=NEW, again=NEW)
    stranger.tab.locator("main form button").first.click()
    stranger.told("Kata sandi tersimpan. Silakan masuk.", "The password is set. You can sign in now.")
    stranger.password = NEW
    stranger.enter("tuti")
    expect(stranger.tab.locator("header.top")).to_contain_text("Tuti Alawiyah")


def give_a_seat(day: Day, admin: Person) -> None:
    """A second seat, after a fresh proof that loses nothing of what was chosen; and its end, at once."""
    admin.tab.goto("/admin/people?q=Iwan")
    admin.press("Iwan Setiadi", "Iwan Setiadi")
    admin.unfold("Beri jabatan", "Give a seat")
    admin.choose(role="psm", area="64.02.13.1007")
    admin.tab.locator("main select[name=office]").select_option(index=1)
    day.grow_old("ratih")
    admin.press("Beri jabatan", "Give the seat")
    admin.told("Ini masih Anda?", "Is it still you?")
    admin.looks_right()
    admin.write(proof="bukan-kata-sandinya")
    admin.press("Lanjutkan", "Go on")
    admin.told("Kata sandi atau kode salah.", "The password or code is wrong.")
    admin.write(proof=admin.password)
    admin.press("Lanjutkan", "Go on")
    admin.told("Jabatan diberikan; berlaku seketika.", "The seat is given, from now on.")
    admin.looks_right()
    seats = admin.tab.locator("form[action$='/end'][action*='/seats/']")
    expect(seats).to_have_count(2)
    seats.last.locator("button").click()
    admin.told("Jabatan diakhiri", "The seat has ended")
    expect(seats).to_have_count(1)


def enter_an_office(admin: Person) -> None:
    admin.tab.goto("/admin")
    admin.press("Kantor", "Offices")
    admin.write("main form[action='/admin/offices']", name="UPTD Sebulu")
    admin.press("Catat", "Enter")
    admin.told("Kantor dicatat.", "The office is entered.")
    admin.told("UPTD Sebulu", "UPTD Sebulu")
    admin.looks_right()


def let_somebody_stand_in(admin: Person) -> None:
    """For who is away and cannot do it themselves: the head's role, to a supervisor, for a week."""
    admin.tab.goto("/admin")
    admin.press("Pelimpahan dan pengganti", "Standing in")
    form = "main form[action='/delegations']"
    admin.choose(form, giver="yusuf", role="dinas_head", taker="lina")
    admin.write(form, days="7")
    admin.press("Limpahkan", "Delegate", form)
    admin.told("Pelimpahan dicatat", "The delegation is recorded")
    admin.told("Lina Marpaung", "Lina Marpaung")
    admin.looks_right()


def keep_an_answer(admin: Person) -> None:
    """What the office answered is kept with its letter; a letter without its day is told beside what was typed."""
    admin.tab.goto("/admin")
    admin.press("Pengaturan dan pertanyaan terbuka", "Settings and open questions")
    form = "main #q-accreditation form"
    admin.tab.locator("main #q-accreditation summary").click()
    admin.write(form, answer="Cukup diperingatkan.", answered_by="Kepala Dinas", answered_on="2026-01-15", reference="460/3/2026")
    admin.press("Simpan jawaban", "Keep the answer", form)
    admin.told("Jawaban dicatat.", "The answer is kept.")
    admin.told("Cukup diperingatkan.", "Cukup diperingatkan.")
    admin.looks_right()


def see_no_case(admin: Person) -> None:
    admin.tab.goto("/cases")
    expect(admin.tab.locator("main")).not_to_contain_text("Melati Putri")


def test_a_day_of_a_receiver_of_referrals(day: Day) -> None:
    """What is asked of them and by when; a refusal that lacks its reason is told; then it is taken, and the sender sees it."""
    receiver = day.enter("wahyu")
    receiver.told("Pemeriksaan psikologis di UPTD provinsi.", "Pemeriksaan psikologis di UPTD provinsi.")
    expect(receiver.tab.locator("main")).not_to_contain_text("Melati")
    receiver.looks_right()
    receiver.press("Pemeriksaan psikologis di UPTD provinsi.", "Pemeriksaan psikologis di UPTD provinsi.")
    receiver.unfold("Catat tanda terima", "Acknowledge")
    receiver.press("Catat tanda terima", "Acknowledge")
    receiver.told("diketahui penerima", "acknowledged")
    receiver.unfold("Tolak rujukan", "Decline")
    receiver.tab.locator("details.step[open] form button").click()
    receiver.told("Wajib diisi.", "required")
    receiver.looks_right()
    sender = day.enter("sari")
    idle = sender.tab.locator("section[aria-labelledby=h-idle]")
    expect(idle).to_contain_text("Bayu Saputra")
    expect(idle).not_to_contain_text("Gilang Maulana")
    sender.tab.goto("/cases?name=Melati")
    sender.press("Melati Putri", "Melati Putri")
    sender.told("diketahui penerima", "acknowledged")
    assert day.journal.says("process_moved") == [("process_moved", "province_officer")]
