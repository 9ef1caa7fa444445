"""Random tests are the same in every run, so that a change is judged by the change alone; RANDOM=1 looks further."""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("random", derandomize=False)
settings.load_profile("random" if os.environ.get("RANDOM") else "same")
