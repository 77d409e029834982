"""Reviews of the trail: begun unsigned, signed off once and by another person, and never changed after that."""

from casework.store.walls.rules import Rule, _frozen, _never, _no_replace

_SIGNED = "SELECT 1 FROM trail_review AS r WHERE r.id = NEW.review_id AND r.signer IS NOT NULL"
REVIEW_RULES = (
    _no_replace("trail_review", "id"),
    Rule("trail_review", "insert", "NEW.signer IS NOT NULL OR NEW.signed_at IS NOT NULL", "trail_review: it begins unsigned"),
    _frozen("trail_review", "id", "office_id", "sought", "entries", "author", "made_at"),
    _frozen("trail_review", "notes", "salt", "signer", "signed_at", when="OLD.signer IS NOT NULL", words="what is signed off stays"),
    Rule("trail_review", "update", "NEW.signer = NEW.author OR (NEW.signer IS NULL) <> (NEW.signed_at IS NULL)", "trail_review: four eyes"),
    *_never("trail_review", "delete"),
    _no_replace("trail_review_end", "review_id", "stream"),
    Rule("trail_review_end", "insert", f"EXISTS ({_SIGNED})", "trail_review_end: its review is signed off"),
    *_never("trail_review_end", "update", "delete"),
)
