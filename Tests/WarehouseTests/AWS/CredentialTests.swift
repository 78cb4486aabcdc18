import Testing

@testable import Warehouse

/// Where keys, region and endpoint come from. Everything is in folders and servers of the test.
@Suite("AWS's credentials")
struct CredentialTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func client(
    config: String = "", credentials: String = "", profile: String? = nil,
    keys: (String, String)? = nil, prefersProfile: Bool = false, _ variables: [String: String] = [:]
  ) throws -> AWSClient {
    var settings = AWSSettings()
    settings.profile = profile
    settings.accessKey = keys.map { Secret($0.0) }
    settings.secretKey = keys.map { Secret($0.1) }
    settings.prefersProfile = prefersProfile
    let own = [
      "AWS_CONFIG_FILE": try folder.write(config, to: "config"),
      "AWS_SHARED_CREDENTIALS_FILE": try folder.write(credentials, to: "credentials"),
      "PATH": folder.path + "/bin:/usr/bin:/bin",
    ]
    settings.surroundings = .test(own.merging(variables) { $1 }, home: folder.path)
    var policy = RetryPolicy()
    policy.pause = { _, _ in }
    return AWSClient(settings, retry: policy)
  }

  private func key(_ client: AWSClient) throws -> String {
    try client.credentials.current(Cancellation()).accessKey.reveal()
  }

  private static let two = """
    [default]
    aws_access_key_id = D
    aws_secret_access_key = d

    [work]
    aws_access_key_id=W
    aws_secret_access_key=w
    aws_session_token = t
    """

  @Test("configured keys come before a profile, unless the profile was said louder")
  func order() throws {
    #expect(try key(client(credentials: Self.two)) == "D")
    #expect(try key(client(credentials: Self.two, profile: "work")) == "W")
    #expect(try key(client(credentials: Self.two, profile: "work", keys: ("K", "k"))) == "K")
    #expect(
      try key(
        client(credentials: Self.two, profile: "work", keys: ("K", "k"), prefersProfile: true))
        == "W")
  }

  @Test("a flag's profile beats keys of the environment, and those beat AWS_PROFILE")
  func loudness() throws {
    let environment = [
      "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_PROFILE": "p",
    ]
    let quiet = try folder.check("", environment: environment).configuration.aws
    #expect(!quiet.prefersProfile)
    let loud = try folder.check("", set: ["AWS.PROFILE=p"], environment: environment)
    #expect(loud.configuration.aws.prefersProfile)
    let file = try folder.check("[AWS]\nKEY=k\nSECRET=s\n", environment: ["AWS_PROFILE": "p"])
    #expect(file.configuration.aws.prefersProfile)
  }

  @Test("nothing anywhere names every place, and a profile that is not there those that are")
  func nothing() throws {
    let none = #expect(throws: WarehouseError.self) { try key(client()) }
    #expect(none?.kind == .configuration)
    #expect(none?.hint?.contains("AWS.ANONYMOUS") == true)
    let unknown = #expect(throws: WarehouseError.self) {
      try key(client(credentials: Self.two, profile: "wrok"))
    }
    #expect(unknown?.detail == "there are default, work")
  }

  @Test("a process is run without a shell, and what it prints is never repeated")
  func process() throws {
    let json =
      #"{"Version":1,"AccessKeyId":"P","SecretAccessKey":"hidden","Expiration":"2099-01-01T00:00:00Z"}"#
    try folder.write(json, to: "out put.json")
    let good = "[default]\ncredential_process = cat '\(folder.path)/out put.json'\n"
    #expect(try key(client(config: good)) == "P")
    let bad = "[default]\ncredential_process = cat '\(folder.path)/out put.json' ; echo $HOME\n"
    let error = #expect(throws: WarehouseError.self) { try key(client(config: bad)) }
    #expect(error?.description.contains("hidden") == false)
    #expect(error?.kind == .configuration)
  }

  @Test("keys that cannot be renewed before their end are used to it, and a renewed one is kept")
  func renewal() throws {
    let soon = Timestamp(milliseconds: Timestamp.now().milliseconds + 120_000)
    let time = "\(soon.dateText)T\(soon.clockText)Z"
    let json =
      #"{"Version":1,"AccessKeyId":"P","SecretAccessKey":"hidden","Expiration":"\#(time)"}"#
    let path = try folder.write(json, to: "soon.json")
    let client = try client(config: "[default]\ncredential_process = cat '\(path)'\n")
    let first = try client.credentials.current(Cancellation())
    try folder.write("no JSON", to: "soon.json")
    // In its last five minutes it is asked for anew with each call, and the program fails now.
    #expect(try key(client) == "P")
    var older = first
    older.accessKey = Secret("O")
    client.credentials.forget(older)
    #expect(try key(client) == "P")
    client.credentials.forget(first)
    #expect(throws: WarehouseError.self) { try key(client) }
  }

  @Test("a program that prints credentials is told the way out")
  func processEnvironment() throws {
    let json = #"{"Version":1,"AccessKeyId":"P","SecretAccessKey":"hidden"}"#
    let script = "#!/bin/sh\nenv > '\(folder.path)/environment'\necho '\(json)'\n"
    try folder.write(script, to: "bin/print", mode: 0o755)
    let client = try client(
      config: "[default]\ncredential_process = print\n",
      [
        "HTTPS_PROXY": "http://127.0.0.1:3128", "SSL_CERT_FILE": "/ca.pem",
        "AWS_REGION": "eu-west-1",
      ])
    #expect(try key(client) == "P")
    let environment = try folder.read("environment")
    for line in [
      "HTTPS_PROXY=http://127.0.0.1:3128", "SSL_CERT_FILE=/ca.pem", "AWS_REGION=eu-west-1",
    ] {
      #expect(environment.contains(line), "\(environment)")
    }
  }

  @Test("a profile with a sign-in is left to AWS's own program, and its lack is said")
  func delegation() throws {
    let config = "[profile sso]\nsso_session = s\nsso_account_id = 1\n"
    let error = #expect(throws: WarehouseError.self) {
      try key(client(config: config, profile: "sso"))
    }
    #expect(error?.hint?.contains("aws sso login --profile sso") == true)
  }

  @Test("AWS's own program is asked for a sign-in, and for anything where we find nothing")
  func theirProgram() throws {
    let json = #"{"Version":1,"AccessKeyId":"C","SecretAccessKey":"hidden"}"#
    let script = "#!/bin/sh\necho \"$@\" >> '\(folder.path)/asked'\necho '\(json)'\n"
    try folder.write(script, to: "bin/aws", mode: 0o755)
    let config = "[profile sso]\nsso_session = s\nsso_account_id = 1\n"
    #expect(try key(client(config: config, profile: "sso")) == "C")
    #expect(try key(client()) == "C")
    #expect(
      try folder.read("asked")
        == "configure export-credentials --profile sso --format process\n"
        + "configure export-credentials --format process\n")
    // What it prints when it fails may hold anything.
    try folder.write(
      "#!/bin/sh\necho hidden; echo hidden >&2; exit 253\n", to: "bin/aws", mode: 0o755)
    let error = #expect(throws: WarehouseError.self) {
      try key(client(config: config, profile: "sso"))
    }
    #expect(error?.detail == "aws ended with status 253")
    #expect(error?.description.contains("hidden") == false)
    let nothing = #expect(throws: WarehouseError.self) { try key(client()) }
    #expect(nothing?.detail?.contains("AWS's own program") == true)
  }

  @Test("two regions in the environment are told")
  func regions() throws {
    let report = try folder.check(
      "", environment: ["AWS_REGION": "us-west-2", "AWS_DEFAULT_REGION": "eu-west-1"])
    #expect(report.configuration.aws.region == "us-west-2")
    #expect(
      report.findings.contains { $0.message.contains("AWS.REGION") && $0.severity == .warning })
  }

  @Test("a role is taken with its source profile's keys, a web identity's without any")
  func roles() throws {
    func answer(_ action: String) -> String {
      ScriptedServer.answer(
        "200 OK",
        """
        <\(action)Response><\(action)Result><Credentials><AccessKeyId>R</AccessKeyId>
        <SecretAccessKey>r</SecretAccessKey><SessionToken>t</SessionToken>
        <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></\(action)Result></\(action)Response>
        """)
    }
    let sts = try ScriptedServer([answer("AssumeRole")])
    let config = "[profile r]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = default\n"
    let variables = ["AWS_ENDPOINT_URL_STS": "http://127.0.0.1:\(sts.port)"]
    #expect(
      try key(client(config: config, credentials: Self.two, profile: "r", variables)) == "R")
    #expect(sts.requests.first?.contains("Credential=D/") == true)
    #expect(sts.requests.first?.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx") == true)

    let web = try ScriptedServer([answer("AssumeRoleWithWebIdentity")])
    let token = try folder.write("web-token\n", to: "token")
    let identity = [
      "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:\(web.port)",
      "AWS_ROLE_ARN": "arn:aws:iam::1:role/y",
      "AWS_WEB_IDENTITY_TOKEN_FILE": token,
    ]
    #expect(try key(client(identity)) == "R")
    #expect(web.requests.first?.contains("Authorization") == false)
    #expect(web.requests.first?.contains("WebIdentityToken=web-token") == true)
  }

  @Test("a container and a machine are asked where they say, with their tokens")
  func metadata() throws {
    let json =
      #"{"AccessKeyId":"M","SecretAccessKey":"m","Token":"t","Expiration":"2099-01-01T00:00:00Z"}"#
    let container = try ScriptedServer([ScriptedServer.answer("200 OK", json)])
    let full = "http://127.0.0.1:\(container.port)/creds"
    #expect(
      try key(
        client([
          "AWS_CONTAINER_CREDENTIALS_FULL_URI": full, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "tok",
        ])) == "M")
    #expect(container.requests.first?.contains("Authorization: tok") == true)
    #expect(throws: WarehouseError.self) {
      try key(client(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/creds"]))
    }

    let machine = try ScriptedServer(
      ["token", "role", json].map { ScriptedServer.answer("200 OK", $0) })
    #expect(
      try key(
        client([
          "AWS_EC2_METADATA_DISABLED": "false",
          "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:\(machine.port)/",
        ])) == "M")
    #expect(machine.requests.first?.hasPrefix("PUT /latest/api/token ") == true)
    #expect(machine.requests.last?.contains("X-aws-ec2-metadata-token: token") == true)
  }

  @Test("an endpoint is the service's variable's, else the configured one, else AWS's own")
  func endpoints() throws {
    func host(_ client: AWSClient, _ service: AWSService, _ bucket: String? = nil) throws -> String
    {
      var call = AWSCall(service, "X", purpose: "test", bucket: bucket)
      call.path = "/k"
      let request = try client.endpoint(of: call, in: "eu-north-1")
      return request.scheme + "://" + request.host + request.path
    }
    let plain = try client()
    #expect(try host(plain, .s3, "bkt") == "https://bkt.s3.eu-north-1.amazonaws.com/k")
    #expect(try host(plain, .s3, "b.kt") == "https://s3.eu-north-1.amazonaws.com/b.kt/k")
    #expect(try host(plain, .iam) == "https://iam.amazonaws.com/k")
    let named = try client(["AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9/base/"])
    #expect(try host(named, .s3, "bkt") == "http://127.0.0.1:9/base/bkt/k")
    #expect(try host(named, .redshift) == "https://redshift.eu-north-1.amazonaws.com/k")
    let environment = try folder.check(
      "", environment: ["AWS_ENDPOINT_URL_EMR": "http://127.0.0.1:6"])
    #expect(
      try host(AWSClient(environment.configuration.aws), .emr) == "http://127.0.0.1:6/k")
    let profile = try client(
      config: """
        [default]
        services = local
        endpoint_url = http://127.0.0.1:7
        [services local]
        s3 =
          endpoint_url = http://127.0.0.1:8
        """)
    #expect(try host(profile, .s3, "bkt") == "http://127.0.0.1:8/bkt/k")
    #expect(try host(profile, .sts) == "http://127.0.0.1:7/k")
  }
}
