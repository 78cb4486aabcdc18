/// Functions that PostgreSQL and Redshift have in common and analysts use.
///
/// PostgreSQL documentation, chapter 9 "Functions and Operators"; Redshift's developer guide,
/// "SQL functions reference".
enum SQLFunctions {
  /// All, sorted.
  static let all: [String] = """
    abs ascii avg btrim ceil char_length chr coalesce concat count current_schema date_part \
    date_trunc dense_rank exp first_value floor generate_series greatest initcap lag last_value lead \
    least left length ln log lower lpad ltrim max md5 min mod now nth_value ntile nullif \
    octet_length percent_rank percentile_cont pi position power random rank regexp_replace \
    regexp_substr repeat replace reverse right round row_number rpad rtrim sign split_part sqrt \
    stddev strpos substring sum to_char to_date to_number to_timestamp translate trim trunc upper \
    var_samp variance version
    """.split(separator: " ").map(String.init)
}
