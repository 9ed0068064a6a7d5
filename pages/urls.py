"""The home page, pages of words, and what machines ask for. Included last: one pattern takes any single word."""

from django.urls import path

from pages import views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap_xml, name="sitemap"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("<slug:page>/", views.page_detail, name="page_detail"),
]
