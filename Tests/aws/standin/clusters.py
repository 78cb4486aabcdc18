"""A cluster as its users see it: who may log in, to which database, with which roles."""

import re
import secrets
import string
import time

from .refusal import Refusal

TEMPORARY = re.compile(r"^IAM[AR]?:")


class Cluster:
    """A cluster or a workgroup behind a port."""

    def __init__(self, server, account, identifier, *, region="us-west-2", user="awsuser", password,
                 database="dev", roles=(), service="redshift.amazonaws.com", requires_ssl=True, nodes=2,
                 is_serverless=False, hidden=()):
        self.server, self.account, self.identifier, self.region = server, account, identifier, region
        self.user, self.password, self.database = user, password, database
        self.roles, self.default_role = list(roles), None
        self.service, self.is_ssl_required, self.nodes = service, lambda: requires_ssl, nodes
        self.answers, self.listener = True, None
        self.temporary, self.users = {}, {user.lower()}
        self.is_serverless, self.hidden = is_serverless, set(hidden)

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def inside(self, database):
        """The name of a database in the server behind; None when there is no such database."""
        if database not in (self.database, "dev"):
            return None
        return self.server.database(self.identifier, database, self.nodes)

    @property
    def requires_ssl(self):
        return self.is_ssl_required()

    def role_of(self, user):
        """The server's role for a user, made at the first login; None when there is no such user."""
        # The user of an identity has the prefix in his name; others have it before theirs.
        name = user.lower()
        if name not in self.users:
            name = TEMPORARY.sub("", name.upper()).lower()
        if name not in self.users:
            return None
        self.server.role(name, name == self.user.lower())
        return name

    def refusal_of(self, view):
        """What a look into a system view ends with; None where it can be looked into."""
        if view in self.hidden:
            return Refusal("42P01", f'relation "{view}" does not exist')
        if self.is_serverless and view.startswith(("stl_", "stv_", "svl_")):
            return Refusal("42501", f"permission denied for relation {view}")
        return None

    def password_of(self, user):
        """The password that is right now; None when there is none."""
        if TEMPORARY.match(user):
            password, expiry = self.temporary.get(user, (None, 0))
            return password if time.time() < expiry else None
        return self.password if user.lower() == self.user.lower() else None

    def credentials(self, user, seconds, prefix="IAM", creates=False, is_identity=False):
        """A user name and a password for a while, as GetClusterCredentials gives them; the user is
        made when it is not there and `creates` says so. The one of an identity is named with its
        prefix."""
        name = f"{prefix}:{user}"
        if is_identity:
            self.users.add(name.lower())
        elif creates:
            self.users.add(user.lower())
        password = "".join(secrets.choice(string.ascii_letters + string.digits + "+/=") for _ in range(64))
        expiry = time.time() + seconds
        self.temporary[name] = (password, expiry)
        return name, password, expiry

    def expire_credentials(self):
        """Temporary passwords end now."""
        self.temporary = {}
