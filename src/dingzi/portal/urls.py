"""The public's door."""

from django.urls import path, re_path

from . import (
    about,
    acting,
    case,
    check,
    counties,
    figures,
    filing,
    home,
    log,
    receipt,
    search,
    tables,
    track,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("file/", filing.start, name="file"),
    path("file/<slug:name>/", filing.begin, name="begin"),
    path("file/<slug:name>/<int:number>/", filing.step, name="step"),
    path("receipt/", receipt.receipt, name="receipt"),
    path("receipt.pdf", receipt.receipt_pdf, name="receipt_pdf"),
    path("track/", track.track, name="track"),
    path("r", track.reference, name="reference"),
    path("leave/", track.leave, name="leave"),
    path("case/", case.case, name="case"),
    path("case/papers/<int:paper_id>/", case.paper, name="paper"),
    path("case/letters/<int:seq>.pdf", case.letter, name="letter"),
    path("case/acts/<slug:action>/", acting.act, name="act"),
    path("case/answer/", acting.answer, name="answer"),
    path("case/proof.json", check.proof, name="proof"),
    path("check/receipt/", check.receipt, name="check_receipt"),
    path("check/receipt/saved.html", check.saved, name="check_saved"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<str:name>/", figures.figure, name="figure"),
    path("figures/<str:name>/<slug:table>.<slug:kind>", tables.download, name="download"),
    path("map/", counties.counties, name="map"),
    path("search", search.search, name="search"),
    path("data/", about.data, name="data"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("privacy/", about.privacy, name="privacy"),
    path("log/", log.about, name="log"),
    path("log/cosignature", log.cosignature, name="cosignature"),
    path("log/checkpoint", log.checkpoint, name="checkpoint"),
    re_path(f"^{log.TILE}$", log.tile, name="tile"),
    path("robots.txt", about.robots, name="robots"),
]
