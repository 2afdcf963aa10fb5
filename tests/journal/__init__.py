"""Tests of the journal, with real files, real locks and processes that are really killed."""
