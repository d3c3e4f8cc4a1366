"""What the tests of agreements share: one agreement's file after each step."""

from tests.agreement import papers  # noqa: F401 - a fixture
