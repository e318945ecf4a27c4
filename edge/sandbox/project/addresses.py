"""The forum's addresses: Spirit's own, and nothing else."""

# mypy: ignore-errors

import spirit.urls
from django.urls import include, path

urlpatterns = [path("", include(spirit.urls))]
