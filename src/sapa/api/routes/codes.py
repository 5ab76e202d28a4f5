"""Which codes a request may use: services of the office, code lists in force."""

from ninja import Router

from sapa.api.gate import ApiRequest
from sapa.api.rights import Bearer, OfficeCode
from sapa.api.schemas import CodeOut, CodesOut
from sapa.core.time import now
from sapa.people import codelists

router = Router(tags=["codes"])
LISTS = ("gender", "education", "occupation", "institution_category", "purpose")


@router.get("", auth=[Bearer("visits:write"), Bearer("consultations:write")], response=CodesOut)
def read(request: ApiRequest, office: OfficeCode) -> CodesOut:
    """Services and code lists."""
    lists = codelists.lists_in_force(now().astimezone(request.office.zone).date())
    english = {name: dict(codelists.choices(lists[name], "en")) for name in LISTS}
    return CodesOut(
        services=[
            CodeOut(key=each.key, name_id=each.name_id, name_en=each.name_en)
            for each in request.office.services.filter(is_active=True)
        ],
        lists={
            name: [
                CodeOut(key=key, name_id=str(text), name_en=str(english[name][key]))
                for key, text in codelists.choices(lists[name], "id")
            ]
            for name in LISTS
        },
    )
