"""What articles cost, and what that means for more machines than one: docs/scale.md."""
