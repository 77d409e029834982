"""The terminal's commands, one module each. `casework.cli` names them and loads only the one that is asked for."""
