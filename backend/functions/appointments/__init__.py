"""Appointments: booked, moved, confirmed and cancelled, and who waits for one."""
