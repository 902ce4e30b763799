"""The AWS account that the reference assessment describes, made in the emulator."""
