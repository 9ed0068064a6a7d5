"""Whether this worker has been asked to end; what takes long looks at it between two steps."""

import threading

stopping = threading.Event()
