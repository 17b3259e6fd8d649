internal import Text

/// The names of encodings: the labels that pages declare, and the decoders that browsers use for
/// them (Encoding Standard of the WHATWG), by iconv's names.
enum EncodingName {
    /// Returns iconv's name of the decoder for a label.
    static func decoder(_ label: String, isHTML: Bool) -> String {
        let name = label.trimmed.lowercased()
        if isHTML, name.hasPrefix("utf-16") || name.hasPrefix("utf16") { return "UTF-8" }
        return decoders[name] ?? name.uppercased()
    }

    private static let decoders: [String: String] = {
        var decoders: [String: String] = [
            "utf8": "UTF-8", "unicode-1-1-utf-8": "UTF-8", "x-user-defined": "CP1252",
            "gb2312": "GB18030", "gbk": "GB18030", "x-gbk": "GB18030", "chinese": "GB18030",
            "big5": "BIG5-HKSCS", "big5-hkscs": "BIG5-HKSCS", "x-x-big5": "BIG5-HKSCS",
            "shift_jis": "CP932", "shift-jis": "CP932", "sjis": "CP932", "x-sjis": "CP932",
            "ms_kanji": "CP932", "windows-31j": "CP932", "euc-kr": "CP949",
            "ks_c_5601-1987": "CP949",
            "korean": "CP949", "windows-949": "CP949", "uhc": "CP949", "iso-8859-9": "CP1254",
            "latin5": "CP1254", "iso-8859-11": "CP874", "tis-620": "CP874", "windows-874": "CP874",
            "dos-874": "CP874", "macintosh": "MACINTOSH", "x-mac-roman": "MACINTOSH",
            "mac": "MACINTOSH", "x-mac-cyrillic": "MAC-CYRILLIC", "mac-cyrillic": "MAC-CYRILLIC",
            "x-euc-jp": "EUC-JP", "iso-8859-8-i": "ISO-8859-8", "logical": "ISO-8859-8",
            "visual": "ISO-8859-8", "utf-16": "UTF-16LE",
        ]
        for label in [
            "ascii", "us-ascii", "iso-8859-1", "iso8859-1", "iso88591", "iso_8859-1", "latin1",
            "latin-1", "l1", "cp1252", "windows-1252", "cp819", "ibm819", "x-cp1252", "iso-latin-1",
        ] {
            decoders[label] = "CP1252"
        }
        for number in [1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258] {
            decoders["windows-\(number)"] = "CP\(number)"
            decoders["x-cp\(number)"] = "CP\(number)"
        }
        return decoders
    }()
}
