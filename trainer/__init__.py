"""The training worker of training-ready: `python -m trainer prepare|calibrate|train|export --run DIR`."""
