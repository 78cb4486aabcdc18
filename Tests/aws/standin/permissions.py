"""What a policy would refuse of the calls that were made."""

import json

from .account import applies, listed


def refused(document, calls):
    """The questions of the calls that no statement of the policy allows, each once."""
    statements = listed(json.loads(document)["Statement"])
    found = set()
    for call in calls:
        for action, resource, context in [] if call["refused"] else call["asks"]:
            effects = {one["Effect"] for one in statements if allows(one, action, resource, context)}
            if effects != {"Allow"}:
                found.add(f"{action} {resource or ''}".strip())
    return sorted(found)


def allows(statement, action, resource, context):
    if resource is None:
        return applies(statement | {"Resource": "*", "Condition": {}}, action, "", {})
    return has_keys(statement, context) and applies(statement, action, resource, context)


def has_keys(statement, context):
    """A condition on a key that the call does not have fails, but for those that end in IfExists (IAM
    user guide, "Condition operators")."""
    return all(
        operator.endswith("IfExists") or key in context
        for operator, conditions in statement.get("Condition", {}).items() for key in conditions)
