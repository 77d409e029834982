"""The kinds of problem there are: code, status, and what a person reads. The page about the interface lists exactly these."""

from collections.abc import Mapping

import msgspec

from casework.words import Words


class Kind(msgspec.Struct, frozen=True):
    """One kind of problem. `code` never changes: clients may rest on it."""

    code: str
    status: int
    title: Words
    detail: Words


UNEXPECTED = "unexpected"

_ALL = (
    Kind(
        "malformed",
        400,
        Words("Permintaan tidak terbaca", "The request cannot be read"),
        Words("Isi permintaan bukan JSON atau formulir yang sah.", "The body is not valid JSON, or not a valid form."),
    ),
    Kind(
        "not_utf8",
        400,
        Words("Bukan UTF-8", "Not UTF-8"),
        Words("Isi permintaan harus ditulis dalam UTF-8.", "The body must be written in UTF-8."),
    ),
    Kind(
        "too_deep",
        400,
        Words("Terlalu bertingkat", "Nested too deeply"),
        Words("JSON boleh bertingkat paling banyak 32.", "JSON may be nested 32 levels deep at most."),
    ),
    Kind(
        "duplicate_key",
        400,
        Words("Kunci ganda", "Duplicate key"),
        Words("Satu kunci disebut dua kali dalam objek yang sama.", "A key is named twice in the same object."),
    ),
    Kind(
        "control_characters",
        400,
        Words("Karakter kendali", "Control characters"),
        Words("Teks tidak boleh memuat karakter kendali.", "Text may not hold control characters."),
    ),
    Kind(
        "malformed_address",
        400,
        Words("Alamat tidak sah", "Malformed address"),
        Words("Alamat memuat karakter yang tidak sah.", "The address holds characters that are not allowed."),
    ),
    Kind(
        "unknown_parameter",
        400,
        Words("Parameter tidak dikenal", "Unknown parameter"),
        Words("Alamat memuat parameter yang tidak dikenal atau berulang.", "The address holds a parameter that is unknown or repeated."),
    ),
    Kind(
        "unread_body",
        400,
        Words("Isi tidak diharapkan", "Unexpected body"),
        Words("Alamat ini tidak membaca isi apa pun.", "This address reads no body."),
    ),
    Kind(
        "invalid_request",
        400,
        Words("Permintaan tidak sah", "Invalid request"),
        Words(
            "Isi permintaan wajib ada dan parameternya harus sah. Lihat /api/docs.",
            "The body must be there and the parameters must be valid. See /api/docs.",
        ),
    ),
    Kind(
        "key_missing",
        400,
        Words("Kunci Idempotency-Key wajib", "Idempotency-Key is required"),
        Words(
            "Setiap perubahan wajib membawa Idempotency-Key: 8 sampai 200 karakter ASCII tampak, baru untuk setiap maksud.",
            "Every change must carry an Idempotency-Key: 8 to 200 visible ASCII characters, new for each intention.",
        ),
    ),
    Kind(
        "version_malformed",
        400,
        Words("If-Match tidak sah", "Malformed If-Match"),
        Words('If-Match memuat versi yang Anda lihat, misalnya "12".', 'If-Match holds the version you saw, such as "12".'),
    ),
    Kind(
        "not_signed_in",
        401,
        Words("Belum masuk", "Not signed in"),
        Words(
            "Masuklah dahulu: nama pengguna, kata sandi atau sesi tidak berlaku.",
            "Sign in first: the name, password or session is not valid.",
        ),
    ),
    Kind(
        "code_needed",
        401,
        Words("Kode diminta", "A code is asked for"),
        Words(
            "Kata sandi benar. Kirim lagi bersama kode dari telepon (code), atau satu kode pemulihan.",
            "The password is right. Send it again with a code from the telephone (code), or a recovery code.",
        ),
    ),
    Kind(
        "proof_needed",
        403,
        Words("Bukti baru diminta", "A fresh proof is asked for"),
        Words(
            "Langkah ini meminta bukti baru bahwa ini Anda: kirim kata sandi atau kode ke /api/sessions/current/proof, lalu ulangi.",
            "This asks for a fresh proof that it is you: send password or code to /api/sessions/current/proof, then repeat it.",
        ),
    ),
    Kind(
        "out_of_scope",
        403,
        Words("Di luar lingkup token", "Outside the token's scope"),
        Words("Token layanan ini tidak berlaku untuk tindakan ini.", "This service token does not hold for this operation."),
    ),
    Kind(
        "two_credentials",
        400,
        Words("Dua jawaban tentang siapa yang meminta", "Two answers to who is asking"),
        Words(
            "Token layanan hanya untuk /api, dan tidak bersama cookie sesi.",
            "A service token is for /api only, and never comes with a session cookie.",
        ),
    ),
    Kind(
        "cross_site",
        403,
        Words("Ditolak dari situs lain", "Refused from another site"),
        Words("Perubahan hanya diterima dari halaman aplikasi ini sendiri.", "Changes are taken from this application's own pages only."),
    ),
    Kind(
        "csrf",
        403,
        Words("Formulir kedaluwarsa", "The form has expired"),
        Words("Muat ulang halaman, lalu kirim lagi.", "Load the page again, then send it again."),
    ),
    Kind(
        "not_found",
        404,
        Words("Tidak ditemukan", "Not found"),
        Words(
            "Tidak ada, atau bukan untuk Anda. Periksa alamat atau nomornya, atau tanyakan kepada yang memimpin kantor Anda.",
            "There is no such thing, or it is not yours. Check the address or the number, or ask who leads your office.",
        ),
    ),
    Kind(
        "erased",
        410,
        Words("Data anak sudah dihapus", "The child's data were erased"),
        Words(
            "Data anak ini dihapus dan dimusnahkan (UU 27/2022). Jejaknya tetap utuh, tanpa data pribadi.",
            "This child's data were erased and destroyed (UU 27/2022). Their trail stays whole, without personal data.",
        ),
    ),
    Kind(
        "method_not_allowed",
        405,
        Words("Cara tidak tersedia", "Method not allowed"),
        Words("Alamat ini tidak menerima cara itu.", "This address does not take that method."),
    ),
    Kind(
        "too_slow",
        408,
        Words("Terlalu lambat", "Too slow"),
        Words("Isi permintaan tidak selesai diterima.", "The body did not arrive in time."),
    ),
    Kind(
        "refused",
        409,
        Words("Ditolak", "Refused"),
        Words("Langkah ini belum boleh dilakukan. Semua alasannya tercantum.", "This step may not be made yet. Every reason is listed."),
    ),
    Kind(
        "conflict",
        409,
        Words("Bentrok", "Conflict"),
        Words(
            "Ada perubahan lain pada saat yang sama. Muat ulang, lalu coba lagi.",
            "Something else changed at the same time. Look again, then retry.",
        ),
    ),
    Kind(
        "key_in_flight",
        409,
        Words("Sedang dikerjakan", "Still running"),
        Words("Permintaan pertama dengan kunci ini masih berjalan.", "The first request with this key is still running."),
    ),
    Kind(
        "stale_version",
        412,
        Words("Versi sudah berubah", "The version has changed"),
        Words("Seseorang sudah mengubahnya. Muat ulang, lalu putuskan lagi.", "Somebody changed it. Look again, then decide again."),
    ),
    Kind(
        "too_large",
        413,
        Words("Terlalu besar", "Too large"),
        Words("Isi permintaan paling besar 256 KiB.", "A body may hold 256 KiB at most."),
    ),
    Kind(
        "picture_too_large",
        413,
        Words("Foto terlalu besar", "Picture too large"),
        Words(
            "Foto paling besar 10 MiB. Ambil dengan ukuran lebih kecil, lalu kirim lagi.",
            "A picture may have 10 MiB at most. Take a smaller one and send it again.",
        ),
    ),
    Kind(
        "address_too_long",
        414,
        Words("Alamat terlalu panjang", "Address too long"),
        Words("Alamat paling panjang 2.048 bita.", "An address may hold 2,048 bytes at most."),
    ),
    Kind(
        "picture_type",
        415,
        Words("Bukan foto", "Not a picture"),
        Words(
            "Kirim byte fotonya ke /api sebagai image/jpeg, image/png, atau image/webp; halaman mengirim formulir dengan berkas.",
            "Send the bytes of the picture to /api as image/jpeg, image/png or image/webp; pages send a form with a file.",
        ),
    ),
    Kind(
        "content_type",
        415,
        Words("Jenis isi tidak diterima", "Content type not taken"),
        Words(
            "Kirim application/json (UTF-8, tanpa kompresi) ke /api; formulir hanya untuk halaman.",
            "Send application/json (UTF-8, not compressed) to /api; forms are for pages only.",
        ),
    ),
    Kind(
        "invalid",
        422,
        Words("Isian tidak sah", "Invalid input"),
        Words("Perbaiki isian yang tercantum.", "Correct what is listed."),
    ),
    Kind(
        "key_reused",
        422,
        Words("Kunci sudah dipakai", "Key already used"),
        Words("Idempotency-Key ini sudah dipakai untuk permintaan lain.", "This Idempotency-Key was used for another request."),
    ),
    Kind(
        "version_missing",
        428,
        Words("Versi wajib disebut", "The version must be named"),
        Words(
            "Sebutkan versi kasus yang Anda lihat dalam If-Match (ETag kasus).",
            "Name the version of the case you saw in If-Match (its ETag).",
        ),
    ),
    Kind(
        "throttled",
        429,
        Words("Terlalu banyak percobaan", "Too many attempts"),
        Words("Tunggu sebentar, lalu coba lagi.", "Wait a while, then try again."),
    ),
    Kind(
        UNEXPECTED,
        500,
        Words("Kesalahan yang tidak terduga", "Something unexpected happened"),
        Words("Catat nomor permintaan ini dan laporkan.", "Note the number of this request and report it."),
    ),
    Kind(
        "master_key_gone",
        503,
        Words("Kunci induk tidak cocok", "The master key does not fit"),
        Words(
            "Data pribadi tidak dapat dibuka: kunci induknya diganti. Tidak ada yang berubah; operator memasang berkas kunci yang baru.",
            "Personal data cannot be opened: its master key was exchanged. Nothing was changed; the operator puts the new file in place.",
        ),
    ),
    Kind(
        "unavailable",
        503,
        Words("Sedang tidak tersedia", "Not available now"),
        Words(
            "Catatan tidak dapat ditulis sekarang. Tidak ada yang berubah; aman untuk mencoba lagi.",
            "The record cannot be written now. Nothing was changed; trying again is safe.",
        ),
    ),
)

KINDS: Mapping[str, Kind] = {kind.code: kind for kind in _ALL}
"""Every kind by its code."""
_FRAMEWORK = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "content_type", 503: "unavailable"}
_FIRST_SERVER_ERROR = 500


def for_status(status: int) -> Kind:
    """Return the kind for a status that the framework chose. Any other refusal is an invalid request, any other failure unexpected."""
    return KINDS[_FRAMEWORK.get(status, "invalid_request" if status < _FIRST_SERVER_ERROR else UNEXPECTED)]
