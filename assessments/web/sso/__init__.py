"""Single sign-on with one OpenID Connect provider."""
