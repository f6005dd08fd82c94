"""One message of each kind that people send beside texts, with invented files."""

from __future__ import annotations

from typing import Any

_FILE = {"file_id": "file", "file_unique_id": "unique"}
_PICTURE = {**_FILE, "width": 90, "height": 90}
_CLIP = {**_FILE, "width": 90, "height": 90, "duration": 3}

SAMPLES: dict[str, dict[str, Any]] = {
    "photo": {"photo": [_PICTURE]},
    "voice": {"voice": {**_FILE, "duration": 4}},
    "audio": {"audio": {**_FILE, "duration": 4}},
    "video": {"video": _CLIP},
    "video_note": {"video_note": {**_FILE, "length": 90, "duration": 3}},
    "animation": {"animation": _CLIP, "document": _FILE},
    "document": {"document": _FILE},
    "sticker": {
        "sticker": {**_PICTURE, "type": "regular", "is_animated": False, "is_video": False}
    },
    "contact": {"contact": {"phone_number": "+32470000000", "first_name": "Personne"}},
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
    "story": {"story": {"id": 1, "chat": {"id": -5, "type": "channel", "title": "Invention"}}},
    "venue": {
        "venue": {
            "location": {"latitude": 50.84, "longitude": 4.35},
            "title": "Une place",
            "address": "Bruxelles",
        },
        "location": {"latitude": 50.84, "longitude": 4.35},
    },
    "game": {"game": {"title": "Jeu", "description": "Un jeu", "photo": [_PICTURE]}},
    "checklist": {"checklist": {"title": "Liste", "tasks": [{"id": 1, "text": "pain"}]}},
    "pinned": {
        "pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}
    },
}
