"""Why no picture can be rendered now. What is wrong with a picture or a recipe is a PictureError."""


class Busy(Exception):
    """The service has too much work to answer in time. The message is public."""

    code = "busy"


class NoSeat(Busy):
    """Nobody could take the job within the time that a request can wait. The message is public."""


class Failed(Exception):
    """A fault of this program in a process that did a job. The message is that process's traceback, for the log."""
