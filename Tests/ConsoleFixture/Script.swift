#if DEBUG
  import Warehouse

  /// What the scripted warehouse does.
  struct Script: Sendable {
    /// How fast time goes: 1 as a person would like to watch it.
    var speed = 1.0
    /// The stage that fails.
    var failing: StageID?
    /// Whether the first run is the program's end.
    var crashes = false
    /// Whether nothing answers.
    var isUnreachable = false
    /// Whether another console holds the warehouse.
    var isLocked = false
    /// Whether names and texts are hostile.
    var isHostile = false
    /// Whether the warehouse is a cluster in the cloud.
    var isCloud = false
    /// Whether what is done to that fails.
    var isFailing = false
    /// Whether the console begins with the demo, on what that shows.
    var isDemo = false
    /// Whether a cancelled run never stops by itself.
    var isStubborn = false

    init() {}

    /// From the environment: SCRIPT_SPEED, SCRIPT_FAIL, and SCRIPT, a list of words.
    init(environment: (String) -> String?) {
      speed = environment("SCRIPT_SPEED").flatMap { Double($0) } ?? 1
      failing = environment("SCRIPT_FAIL").flatMap { StageID(rawValue: $0) }
      let words = Set((environment("SCRIPT") ?? "").split(separator: ",").map(String.init))
      crashes = words.contains("crash")
      isUnreachable = words.contains("unreachable")
      isLocked = words.contains("locked")
      isHostile = words.contains("hostile")
      isCloud = words.contains("cloud")
      isFailing = words.contains("failing")
      isDemo = words.contains("demo")
      isStubborn = words.contains("stubborn")
    }
  }
#endif
