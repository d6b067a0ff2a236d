"""Pictures (图文材料): taken in once, shown to those of their place, bound to records."""
