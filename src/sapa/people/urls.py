"""Addresses of the own account; signing in and up, and the second step, are allauth's."""

from django.urls import URLPattern, URLResolver, include, path

from sapa.people.access import public
from sapa.people.views import account, profile, single_sign_on

urlpatterns: list[URLPattern | URLResolver] = [
    path("akun/", account.show, name="account"),
    path("akun/nama/", account.rename, name="account_name"),
    path("akun/profil/", profile.edit, name="profile"),
    path("akun/profil/instansi/", profile.suggestions, name="profile_suggestions"),
    path("akun/data/", account.data, name="account_data"),
    path("akun/hapus/", account.erase, name="account_erasure"),
    path("akun/kunjungan/", account.merge, name="account_merge"),
    path("akun/kunjungan/bukan-saya/", account.put_aside, name="account_merge_aside"),
    path("akun/kunjungan/tawarkan-lagi/", account.propose_again, name="account_merge_again"),
    path("akun/kunjungan/<int:merge>/pisah/", account.unmerge, name="account_unmerge"),
    path("akun/persetujuan/<int:consent>/tarik/", account.withdraw_consent, name="account_consent_withdraw"),
    # The office's own sign-in service; where it is not configured these addresses are not found.
    path("akun/dinas/batal/", public(single_sign_on.cancelled), name="socialaccount_login_cancelled"),
    path("akun/dinas/gagal/", public(single_sign_on.failed), name="socialaccount_login_error"),
    path("akun/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
