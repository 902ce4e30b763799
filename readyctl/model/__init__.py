"""The words of readyctl as frozen data: standard library only, no behaviour that does I/O."""
