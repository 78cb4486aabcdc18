import Testing

@testable import Warehouse

@Suite("Connection settings")
struct ConnectionSettingsTests {
  /// What libpq would take: the last of a keyword wins.
  private func effective(_ settings: ConnectionSettings) -> [String: String] {
    Dictionary(settings.keywords, uniquingKeysWith: { $1 })
  }

  @Test("leave to libpq what is not given")
  func nothing() {
    let keywords = effective(ConnectionSettings(host: "", database: nil))
    for keyword in ["host", "port", "dbname", "user", "password", "sslmode", "connect_timeout"] {
      #expect(keywords[keyword] == nil)
    }
    #expect(keywords["client_encoding"] == "UTF8")
    #expect(keywords["fallback_application_name"] == "sparkify")
  }

  @Test("go over as they are, without quoting, and win over further keywords")
  func values() {
    let settings = ConnectionSettings(
      host: "db", port: 5433, database: "a = 'b' \\c", user: "ä", password: Secret("p w"),
      sslMode: .verifyCA, connectTimeout: .milliseconds(6500),
      extra: ["user": "other", "options": "-c x=1", "keepalives_idle": "5"])
    let keywords = effective(settings)
    #expect(keywords["dbname"] == "a = 'b' \\c")
    #expect(keywords["password"] == "p w")
    #expect(keywords["sslmode"] == "verify-ca")
    #expect(keywords["connect_timeout"] == "7")
    #expect(keywords["user"] == "ä")
    #expect(keywords["options"] == "-c x=1")
    #expect(keywords["keepalives_idle"] == "5")
    #expect(keywords["tcp_user_timeout"] == "60000")
    #expect(!"\(settings)".contains("p w"))
  }

  @Test(
    "know Redshift's hosts, and check their certificates",
    arguments: [
      ("warehouse.abc123.us-west-2.redshift.amazonaws.com", true),
      ("Team.123456789012.eu-west-1.REDSHIFT-SERVERLESS.amazonaws.com", true),
      ("c.abc.cn-north-1.redshift.amazonaws.com.cn", true),
      ("redshift.example.com", false), ("my-redshift.amazonaws.com", false), ("/tmp", false),
    ])
  func redshift(host: String, isRedshift: Bool) {
    let settings = ConnectionSettings(host: host)
    #expect(settings.isRedshiftHost == isRedshift)
    #expect(effective(settings)["gssencmode"] == (isRedshift ? "disable" : nil))
    #expect(effective(settings)["sslmode"] == (isRedshift ? "verify-full" : nil))
    var chosen = settings
    chosen.sslMode = .require
    #expect(effective(chosen)["sslmode"] == "require")
  }

  @Test("have a title for people")
  func titles() {
    #expect(ConnectionSettings(host: "db").title == "db")
    #expect(ConnectionSettings(host: "db", port: 1).title == "db:1")
    #expect(ConnectionSettings(host: "/run/x", port: 1).title == "/run/x")
    #expect(ConnectionSettings(service: "wh").title == "service wh")
    #expect(ConnectionSettings().title == "the warehouse")
  }
}
