using System.Globalization;
using System.Text.Json;

namespace Lposs.Json;

/// <summary>
/// Reads the members of one JSON object strictly: a member that is missing, of the wrong type, out of range or
/// unknown becomes one sentence that names it by its path ("vlm.patch_size"), thrown as the exception that <c>error</c>
/// makes of it. Members whose value is null count as missing.
/// </summary>
internal sealed class JsonObjectReader
{
    private readonly string _path;
    private readonly Func<string, Exception> _error;
    private readonly Dictionary<string, JsonElement> _members = [];
    private readonly List<string> _read = [];

    /// <param name="element">The object.</param>
    /// <param name="path">Its path for messages; empty for the whole file.</param>
    /// <param name="error">Makes the exception of a sentence.</param>
    public JsonObjectReader(JsonElement element, string path, Func<string, Exception> error)
    {
        _path = path;
        _error = error;
        if (element.ValueKind != JsonValueKind.Object)
            throw error($"{(path.Length == 0 ? "the file" : path)} holds {Describe(element)}; it must be an object.");
        foreach (var member in element.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null)
                _members.Add(member.Name, member.Value);
        }
    }

    /// <summary>Reads the object that a file holds.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="path">The file, which messages begin with.</param>
    /// <param name="code">Of the exceptions.</param>
    public static JsonObjectReader Of(JsonDocument json, string path, LpossErrorCode code) =>
        new(json.RootElement, "", sentence => new LpossException(code, $"{path}: {sentence}"));

    /// <summary>An exception about one member of this object.</summary>
    public Exception Error(string name, string sentence) => _error($"{PathOf(name)} {sentence}");

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name) => Find(name) is { } value ? TextOf(value, PathOf(name)) : null;

    public IReadOnlyList<string> Texts(string name) => OptionalTexts(name) ?? throw Missing(name);

    /// <summary>A list of one or more texts.</summary>
    public IReadOnlyList<string>? OptionalTexts(string name) =>
        Find(name) is { } value ? TextsOf(value, PathOf(name), _error) : null;

    public int Integer(string name, int least, int most) => OptionalInteger(name, least, most) ?? throw Missing(name);

    public int? OptionalInteger(string name, int least, int most)
    {
        if (Find(name) is not { } value)
            return null;
        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out int number)
            && number >= least
            && number <= most
        )
            return number;
        throw Wrong(name, value, $"a whole number from {least} to {most}");
    }

    public int? OptionalInteger(string name, ParameterRange range) =>
        OptionalInteger(name, (int)range.Minimum, (int)Math.Min(range.Maximum, int.MaxValue));

    public long Size(string name) => OptionalSize(name) ?? throw Missing(name);

    public long? OptionalSize(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number > 0
            ? number
            : throw Wrong(name, value, "a whole number above 0");
    }

    /// <summary>A number for which <paramref name="allowed"/> holds; <paramref name="range"/> says so in
    /// words.</summary>
    public float? OptionalNumber(string name, Func<float, bool> allowed, string range)
    {
        if (Find(name) is not { } value)
            return null;
        return NumberOf(value) is { } number && allowed(number)
            ? number
            : throw Wrong(name, value, $"a number {range}");
    }

    public float? OptionalNumber(string name, ParameterRange range) =>
        OptionalNumber(name, number => range.Contains(number), range.ToString());

    /// <summary>A list of exactly <paramref name="count"/> numbers.</summary>
    public float[] Numbers(string name, int count, Func<float, bool> allowed, string range)
    {
        var value = Find(name) ?? throw Missing(name);
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == count)
        {
            float?[] numbers = [.. value.EnumerateArray().Select(NumberOf)];
            if (numbers.All(number => number is { } n && allowed(n)))
                return [.. numbers.Select(number => number!.Value)];
        }
        throw Wrong(name, value, $"a list of {count} numbers {range}");
    }

    public bool? OptionalFlag(string name) =>
        Find(name) is not { } value
            ? null
            : value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => throw Wrong(name, value, "true or false"),
            };

    public JsonObjectReader Object(string name) => OptionalObject(name) ?? throw Missing(name);

    public JsonObjectReader? OptionalObject(string name) =>
        Find(name) is { } value ? new JsonObjectReader(value, PathOf(name), _error) : null;

    /// <summary>A list of one or more objects.</summary>
    public IEnumerable<JsonObjectReader> Objects(string name) =>
        ObjectsOf(Find(name) ?? throw Missing(name), PathOf(name), _error);

    /// <summary>The names of all members, for an object whose names are data.</summary>
    public IEnumerable<string> Names => _members.Keys;

    /// <summary>Called last: a member that nobody asked for is an error, most often a misspelt name.</summary>
    public void RejectUnknown()
    {
        foreach (string name in _members.Keys.Except(_read))
        {
            string known = string.Join(", ", _read.Distinct());
            throw Error(name, $"is unknown; the names known there are {known}.");
        }
    }

    /// <summary>The texts of a list of one or more; <paramref name="path"/> names the list in messages.</summary>
    public static IReadOnlyList<string> TextsOf(JsonElement value, string path, Func<string, Exception> error)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            throw error($"{path} is {Describe(value)}; it must be a list of one or more texts.");
        return [.. value.EnumerateArray().Select((text, i) => TextOf(text, $"{path}[{i}]", error))];
    }

    /// <summary>The objects of a list of one or more; <paramref name="path"/> names the list in messages.</summary>
    public static IEnumerable<JsonObjectReader> ObjectsOf(JsonElement value, string path, Func<string, Exception> error)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            throw error($"{path} is {Describe(value)}; it must be a list of one or more objects.");
        return value.EnumerateArray().Select((item, i) => new JsonObjectReader(item, $"{path}[{i}]", error));
    }

    private string TextOf(JsonElement value, string path) => TextOf(value, path, _error);

    /// <summary>A text of one character or more; <paramref name="path"/> names it in messages.</summary>
    public static string TextOf(JsonElement value, string path, Func<string, Exception> error)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw error($"{path} is {Describe(value)}; it must be a text.");
        try
        {
            string text = value.GetString()!;
            return text.Length > 0 ? text : throw error($"{path} is an empty text.");
        }
        catch (InvalidOperationException)
        {
            throw error($"{path} has a broken Unicode escape.");
        }
    }

    private static float? NumberOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) && float.IsFinite(number)
            ? number
            : null;

    private JsonElement? Find(string name)
    {
        _read.Add(name);
        return _members.TryGetValue(name, out var value) ? value : null;
    }

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private Exception Missing(string name) => Error(name, "is missing.");

    private Exception Wrong(string name, JsonElement value, string right) =>
        Error(name, $"is {Describe(value)}; it must be {right}.");

    private static string Describe(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => string.Create(CultureInfo.InvariantCulture, $"a list of {value.GetArrayLength()}"),
            JsonValueKind.String => "a text",
            JsonValueKind.Null => "null",
            _ => value.GetRawText() is { Length: <= 40 } raw ? raw : value.GetRawText()[..40] + "...",
        };
}
