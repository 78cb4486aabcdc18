/// Where listeners and artists live, and what listeners listen with.
enum SamplePlaces {
  /// Metropolitan areas as the United States count them, with a weight that grows with the number
  /// of people there (about one for 100,000).
  static let metros: [(name: String, weight: Double)] = SampleWords.lines(
    """
    New York-Newark-Jersey City, NY-NJ-PA|200
    Los Angeles-Long Beach-Anaheim, CA|132
    Chicago-Naperville-Elgin, IL-IN-WI|95
    Dallas-Fort Worth-Arlington, TX|70
    Houston-The Woodlands-Sugar Land, TX|66
    Philadelphia-Camden-Wilmington, PA-NJ-DE-MD|60
    Washington-Arlington-Alexandria, DC-VA-MD-WV|60
    Miami-Fort Lauderdale-West Palm Beach, FL|59
    Atlanta-Sandy Springs-Roswell, GA|56
    Boston-Cambridge-Newton, MA-NH|47
    San Francisco-Oakland-Hayward, CA|46
    Phoenix-Mesa-Scottsdale, AZ|45
    Detroit-Warren-Dearborn, MI|43
    Seattle-Tacoma-Bellevue, WA|37
    Minneapolis-St. Paul-Bloomington, MN-WI|35
    San Diego-Carlsbad, CA|33
    Tampa-St. Petersburg-Clearwater, FL|29
    St. Louis, MO-IL|28
    Baltimore-Columbia-Towson, MD|28
    Denver-Aurora-Lakewood, CO|28
    Portland-Vancouver-Hillsboro, OR-WA|24
    San Antonio-New Braunfels, TX|24
    Sacramento--Roseville--Arden-Arcade, CA|23
    Cincinnati, OH-KY-IN|21
    Kansas City, MO-KS|21
    Cleveland-Elyria, OH|21
    Columbus, OH|20
    San Jose-Sunnyvale-Santa Clara, CA|20
    Austin-Round Rock, TX|20
    Nashville-Davidson--Murfreesboro--Franklin, TN|18
    Milwaukee-Waukesha-West Allis, WI|16
    Virginia Beach-Norfolk-Newport News, VA-NC|17
    Louisville/Jefferson County, KY-IN|13
    Memphis, TN-MS-AR|13
    New Orleans-Metairie, LA|12
    Raleigh, NC|13
    Salt Lake City, UT|12
    Birmingham-Hoover, AL|11
    Rochester, NY|11
    Tucson, AZ|10
    Albuquerque, NM|9
    Bakersfield, CA|9
    Baton Rouge, LA|8
    Columbia, SC|8
    Chattanooga, TN-GA|5
    Madison, WI|6
    Lansing-East Lansing, MI|5
    Portland-South Portland, ME|5
    Santa Rosa, CA|5
    Anchorage, AK|4
    Asheville, NC|4
    Gainesville, FL|3
    Green Bay, WI|3
    Lubbock, TX|3
    Cedar Rapids, IA|3
    Burlington-South Burlington, VT|2
    Eureka-Arcata-Fortuna, CA|1
    Janesville-Beloit, WI|2
    """
  ).map { line in
    let parts = line.split(separator: "|")
    return (String(parts.first ?? ""), parts.last.flatMap { Double($0) } ?? 1)
  }

  /// The area whose people come back about six times as often as others: something to find.
  static let loudMetro = "Nashville-Davidson--Murfreesboro--Franklin, TN"

  /// Where artists come from, with latitude and longitude as the catalogue writes them.
  static let hometowns: [(name: String, latitude: String, longitude: String)] = SampleWords.lines(
    """
    London, England|51.50632|-0.12714
    New York, NY|40.71455|-74.00712
    Los Angeles, CA|34.05349|-118.24532
    California - LA|34.05349|-118.24532
    Chicago, IL|41.88415|-87.63241
    Nashville, TN|36.16778|-86.77836
    Austin, TX|30.26759|-97.74299
    San Francisco, CA|37.77916|-122.42005
    Seattle, WA|47.60356|-122.32944
    Detroit, MI|42.33168|-83.04792
    Memphis, TN|35.14968|-90.04892
    Atlanta, GA|33.74831|-84.39111
    Boston, MA|42.35864|-71.05666
    Philadelphia, PA|39.95227|-75.16237
    New Orleans, LA|29.95369|-90.07771
    Brooklyn, NY|40.65507|-73.94888
    Portland, OR|45.51179|-122.67563
    Minneapolis, MN|44.97903|-93.26493
    Toronto, Ontario, Canada|43.64856|-79.38533
    Montréal, Québec|45.51228|-73.55439
    Manchester, England|53.4796|-2.24881
    Glasgow, Scotland|55.8578|-4.24251
    Dublin, Ireland|53.34376|-6.24953
    Paris, France|48.85692|2.34121
    Berlin, Germany|52.51607|13.37698
    Göteborg, Sweden|57.70133|11.96689
    Oslo, Norway|59.91228|10.74998
    København, Denmark|55.67631|12.56935
    Helsinki, Finland|60.17116|24.93265
    Reykjavík, Iceland|64.14548|-21.92745
    Madrid, Spain|40.4203|-3.70577
    Lisboa, Portugal|38.72572|-9.15025
    São Paulo, Brazil|-23.56287|-46.65468
    Buenos Aires, Argentina|-34.60852|-58.37354
    México D.F., Mexico|19.4319|-99.13288
    Kingston, Jamaica|17.9927|-76.79255
    Lagos, Nigeria|6.43879|3.42478
    Johannesburg, South Africa|-26.20495|28.04972
    Melbourne, Australia|-37.81753|144.96715
    Auckland, New Zealand|-36.8488|174.76232
    東京, Japan|35.67048|139.74092
    台北, Taiwan|25.08569|121.56147
    Athens, Greece|37.97615|23.73641
    Kraków, Poland|50.06045|19.93243
    """
  ).map { line in
    let parts = line.split(separator: "|").map(String.init)
    guard parts.count == 3 else { return (line, "0.0", "0.0") }
    return (parts[0], parts[1], parts[2])
  }

  /// Browsers as they name themselves, with weights. One with a comma in it stands between
  /// literal quotes in the logs.
  static let agents: [(text: String, weight: Double)] = SampleWords.lines(
    """
    30|Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.77 Safari/537.36
    14|Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/69.0.3497.100 Safari/537.36
    18|Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.77 Safari/537.36
    10|Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.0 Safari/605.1.15
    12|Mozilla/5.0 (iPhone; CPU iPhone OS 12_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.0 Mobile/15E148 Safari/604.1
    4|Mozilla/5.0 (iPad; CPU OS 11_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/11.0 Mobile/15E148 Safari/604.1
    10|Mozilla/5.0 (Linux; Android 8.0.0; SM-G960F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/69.0.3497.100 Mobile Safari/537.36
    3|Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.67 Safari/537.36
    2|Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Ubuntu Chromium/69.0.3497.81 Chrome/69.0.3497.81 Safari/537.36
    9|Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:63.0) Gecko/20100101 Firefox/63.0
    4|Mozilla/5.0 (Macintosh; Intel Mac OS X 10.13; rv:62.0) Gecko/20100101 Firefox/62.0
    3|Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:63.0) Gecko/20100101 Firefox/63.0
    5|Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 Safari/537.36 Edge/17.17134
    4|Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko
    1|Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; WOW64; Trident/5.0)
    """
  ).map { line in
    let bar = line.firstIndex(of: "|") ?? line.startIndex
    let text = String(line[bar...].dropFirst())
    return (text.contains(",") ? "\"\(text)\"" : text, Double(line[..<bar]) ?? 1)
  }
}
