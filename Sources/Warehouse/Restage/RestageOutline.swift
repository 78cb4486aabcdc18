/// What restaging would do, in words.
struct RestageOutline: Sendable {
  let settings: RunSettings
  let restage: RestageSettings

  private var output: String { restage.output.text }
  private var place: String { (output.hasSuffix("/") ? output : output + "/") + "run-N" }
  private var isBucket: Bool { if case .s3 = restage.output { true } else { false } }

  private var files: String {
    let count =
      restage.files.map { "\($0)" } ?? "\(restage.slices) or a multiple of \(restage.slices)"
    return "\(count) \(restage.compression.rawValue) files under \(output)"
  }

  /// By this program.
  var native: [String] {
    var steps: [String] = []
    for kind in SourceKind.allCases {
      let source = settings.source(of: kind)
      if source.hasPrefix("s3://") {
        steps += ["-- call: s3:ListObjectsV2 \(source)", "-- call: s3:GetObject each of its files"]
      }
      steps.append("-- list \(source) and pack its records into \(files)")
    }
    if isBucket {
      steps.append(
        "-- call: s3:CreateMultipartUpload, s3:UploadPart and s3:CompleteMultipartUpload, "
          + "or s3:PutObject, for each file under \(place)/")
    }
    return steps + manifests + ["-- write a manifest for each source, last"]
  }

  private var manifests: [String] {
    guard isBucket else { return [] }
    return (["_run.json"] + SourceKind.allCases.map { "\($0.rawValue)/\(RestageManifest.name)" })
      .map { "-- call: s3:PutObject \(place)/\($0)" }
  }

  /// By the job on this machine.
  var spark: [String] {
    ["-- run \(restage.spark ?? "spark-submit") restage.py " + words, "-- it makes \(files)"]
  }

  /// By the job on EMR.
  var remote: [String] {
    let script = (output.hasSuffix("/") ? output : output + "/") + "_job/restage-….py"
    var steps = ["-- call: s3:PutObject \(script)"]
    if restage.engine == .emr {
      let cluster = restage.emrCluster ?? "RESTAGE.EMR_CLUSTER"
      steps += [
        "-- call: elasticmapreduce:AddJobFlowSteps JobFlowId=\(cluster) "
          + "Args=spark-submit --deploy-mode cluster \(script) \(words)",
        "-- call: elasticmapreduce:DescribeStep ClusterId=\(cluster), until it ends",
      ]
    } else {
      let application = restage.emrApplication ?? "RESTAGE.EMR_APPLICATION"
      steps += [
        "-- call: emr-serverless:StartJobRun applicationId=\(application) "
          + "executionRoleArn=\(restage.emrRole ?? "RESTAGE.EMR_ROLE") "
          + "entryPoint=\(script) entryPointArguments=\(words)",
        "-- call: emr-serverless:GetJobRun applicationId=\(application), until it ends",
      ]
    }
    return steps + [
      "-- the job makes \(files), and writes a manifest for each source, last",
      "-- call: s3:GetObject \(place)/_run.json and the manifests",
    ]
  }

  /// The job's arguments.
  private var words: String {
    var words: [String] = []
    for kind in SourceKind.allCases {
      words += ["--source", "\(kind.rawValue)=\(settings.source(of: kind))"]
    }
    return (words + ["--output", place]).joined(separator: " ") + " …"
  }
}
