"""A cluster as its users see it: who may log in, to which database, with which roles."""

import re
import secrets
import string
import time

TEMPORARY = re.compile(r"^IAM[AR]?:")


class Cluster:
    """A cluster or a workgroup behind a port."""

    def __init__(self, server, account, identifier, *, region="us-west-2", user="awsuser", password,
                 database="dev", roles=(), service="redshift.amazonaws.com", requires_ssl=True, nodes=2):
        self.server, self.account, self.identifier, self.region = server, account, identifier, region
        self.user, self.password, self.database = user, password, database
        self.roles, self.default_role = list(roles), None
        self.service, self.requires_ssl, self.nodes = service, requires_ssl, nodes
        self.answers, self.listener = True, None
        self.temporary, self.too_early = {}, {}

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def inside(self, database):
        """The name of a database in the server behind; None when there is no such database."""
        if database not in (self.database, "dev"):
            return None
        return self.server.database(self.identifier, database)

    def role_of(self, user):
        """The server's role for a user, made at the first login."""
        name = TEMPORARY.sub("", user).lower()
        self.server.role(name, name == self.user.lower())
        return name

    def password_of(self, user):
        """The password that is right now; None when there is none."""
        if TEMPORARY.match(user):
            password, expiry = self.temporary.get(user, (None, 0))
            return password if time.time() < expiry else None
        return self.password if user.lower() == self.user.lower() else None

    def credentials(self, user, seconds, prefix="IAM"):
        """A user name and a password for a while, as GetClusterCredentials gives them."""
        name = f"{prefix}:{user}"
        password = "".join(secrets.choice(string.ascii_letters + string.digits + "+/=") for _ in range(64))
        expiry = time.time() + seconds
        self.temporary[name] = (password, expiry)
        return name, password, expiry

    def expire_credentials(self):
        """Temporary passwords end now."""
        self.temporary = {}

    def is_too_early(self, role):
        """Whether a role was made so shortly ago that it cannot be taken on yet."""
        left = self.too_early.get(role.arn, 0)
        if left > 0:
            self.too_early[role.arn] = left - 1
        return left > 0
