from django.urls import path

from accounts import dev

app_name = "dev"

urlpatterns = [path("", dev.cast, name="cast")]
