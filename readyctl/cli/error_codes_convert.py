"""Error codes of `readyctl migrate convert`."""

from __future__ import annotations

CONVERT = (
    (
        "E0440",
        "Converted files would replace their source",
        "--out names the folder that is converted. The source stays as it is, so that it can be "
        "compared and converted again.",
    ),
    (
        "E0441",
        "Rows of COPY cannot become INSERT",
        "COPY ... FROM stdin is read by psql alone. Its rows are binary, do not end, or have not "
        "as many columns as the statement names. The line is named.",
    ),
    (
        "E0442",
        "Converted files are there already",
        "A file of the output folder differs from what would be written. --force replaces it; "
        "what was edited there by hand is lost then.",
    ),
    (
        "E0443",
        "A converted file is no SQL any more",
        "Every file is read again after its conversion. This one cannot be: a defect of readyctl. "
        "Line and column are those of the converted text; nothing of it is written.",
    ),
)
