import Testing

@testable import Warehouse

@Suite("Why a connection did not come about")
struct ConnectionFailureTests {
  /// Messages as libpq 15 gives them, cut to what tells.
  @Test(
    "is told from libpq's words",
    arguments: [
      (
        #"connection to server at "db" (10.0.0.1), port 5432 failed: Connection refused"#,
        ConnectionFailure.refused
      ),
      (
        #"could not translate host name "nowhere" to address: Name or service not known"#,
        .unknownHost
      ),
      (#"failed: FATAL:  password authentication failed for user "x""#, .login),
      (#"failed: FATAL:  Peer authentication failed for user "x""#, .login),
      ("failed: fe_sendauth: no password supplied", .login),
      (#"failed: FATAL:  database "x" does not exist"#, .unknownDatabase),
      (#"failed: FATAL:  role "x" does not exist"#, .unknownUser),
      (
        #"failed: FATAL:  no pg_hba.conf entry for host "1.2.3.4", user "x", SSL off"#,
        .notAdmitted
      ),
      ("failed: FATAL:  sorry, too many clients already", .full),
      ("failed: FATAL:  the database system is starting up", .notReady),
      ("failed: server does not support SSL, but SSL was required", .encryption),
      (#"failed: server certificate for "a" does not match host name "b""#, .encryption),
      (#"root certificate file "/x/root.crt" does not exist"#, .encryption),
      (#"definition of service "x" not found"#, .settings),
      (#"invalid connection option "x""#, .settings),
      (#"invalid port number: "0""#, .settings),
      ("failed: timeout expired", .timedOut),
      ("failed: Connection timed out", .timedOut),
      ("failed: No route to host", .unreachable),
      (
        #"connection to server on socket "/x/.s.PGSQL.5432" failed: No such file or directory"#,
        .noSocket
      ),
      (
        #"connection to server on socket "/x/.s.PGSQL.5432" failed: Permission denied"#,
        .forbiddenSocket
      ),
      ("something new", .other),
    ])
  func classified(message: String, expected: ConnectionFailure) {
    #expect(ConnectionFailure(message: message) == expected)
  }

  @Test("has a remedy for each reason, as a whole sentence")
  func hints() {
    for failure in ConnectionFailure.allCases where failure != .other {
      #expect(failure.hint?.hasSuffix(".") == true)
      #expect(failure.hint?.first?.isUppercase == true)
    }
  }
}
