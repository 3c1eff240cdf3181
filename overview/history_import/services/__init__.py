"""Every write of an import of history."""

from overview.history_import.services.saving import (
    bring_in,
    choose_partners,
    discard,
    save_history,
)
from overview.history_import.services.undoing import undo_history

__all__ = ["bring_in", "choose_partners", "discard", "save_history", "undo_history"]
