"""How dates are written, language by language, where Django would do otherwise."""
