"""The names inside Textual that this program uses although they are not public: why its version is pinned.

A test looks whether each is still there. Before Textual's version is raised, read what has become of them.
"""

from __future__ import annotations

from collections.abc import Mapping

PRIVATE_NAMES: Mapping[str, tuple[str, ...]] = {
    # Frames are taken before Textual writes them, so that only the cells that changed are written.
    "textual._compositor.LayoutUpdate": ("strips", "region"),
    "textual._compositor.ChopsUpdate": ("spans", "chops", "chop_ends"),
    "textual.app.App": (
        *("_display", "_batch_count", "_running", "_driver", "_begin_update", "_end_update"),
        # Keys act in the order in which they were pressed.
        "_check_bindings",
        # A screen is laid out before it is shown.
        "_get_screen",
        # A fault ends the program without a traceback, which would show secrets.
        *("_fatal_error", "_handle_exception", "_close_messages_no_wait"),
    ),
    "textual.screen.Screen": ("_compositor", "_refresh_layout"),
    "textual.widget.Widget": ("_forward_event", "_default_layout", "_on_blur", "_on_mouse_down"),
    # Fields take a key before Textual's do.
    "textual.widgets.Input": ("_on_key", "_on_paste"),
    "textual.widgets.TextArea": ("_on_key", "_on_paste"),
    # The terminal is given back in every case, and keys are read without looking at the clock.
    "textual.drivers.linux_driver.LinuxDriver": (
        *("_app", "_auto_restart", "_must_signal_resume", "_sigcont_application"),
        *("_enable_mouse_support", "_disable_mouse_support"),
        *("attrs_before", "exit_event", "fileno", "run_input_thread", "process_message", "suspend_application_mode"),
    ),
    "textual._xterm_parser.XTermParser": ("feed", "tick", "_timeout_time"),
}
