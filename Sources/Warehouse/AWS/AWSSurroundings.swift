/// What of the process's surroundings AWS's tools look at, apart from the configuration.
public struct AWSSurroundings: Sendable, Equatable {
  /// The user's home folder.
  public var homeFolder: String
  /// The variables that are set. Hidden: some hold tokens.
  private var variables: [String: Secret]

  /// Surroundings.
  public init(homeFolder: String = "/", variables: [String: Secret] = [:]) {
    self.homeFolder = homeFolder
    self.variables = variables
  }

  /// The value of a variable; nil when it is unset.
  public subscript(_ name: String) -> Secret? { variables[name] }

  /// The variables that mean something here, apart from those that set a configuration's value.
  static let names: [String] =
    [
      "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN",
      "AWS_ROLE_SESSION_NAME", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_EC2_METADATA_DISABLED",
      "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE", "PATH",
    ] + handedOn
    + [
      "S3", "STS", "IAM", "EC2", "REDSHIFT", "REDSHIFT_DATA", "REDSHIFT_SERVERLESS",
      "CHECKIP", "EMR", "EMR_SERVERLESS",
    ].map { "AWS_ENDPOINT_URL_\($0)" }

  /// Those that a program which prints credentials gets too: where the shared files are, as it reads
  /// them as well, and the way out, as a sign-in asks others.
  static let handedOn = [
    "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_CA_BUNDLE", "AWS_REGION",
    "AWS_DEFAULT_REGION", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy",
    "no_proxy", "SSL_CERT_FILE",
  ]
}
