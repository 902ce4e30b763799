"""Readiness auditor and operator's command line for AWS deployments."""

__version__ = "0.1.0"
