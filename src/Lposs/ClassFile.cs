using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lposs.Files;
using Lposs.Json;

namespace Lposs;

/// <summary>
/// The class file. JSON: a list of objects with <c>name</c> and, if wanted, <c>prompts</c> (a list of texts),
/// <c>id</c> (0 to 65534, on all classes or on none) and <c>colour</c> or <c>color</c> ("#rrggbb"); a list of names; or
/// an object of names, each with its prompts. Text: a class on each line, its prompts with commas between.
/// </summary>
internal static class ClassFile
{
    private const long MaxBytes = 16 << 20;

    private static readonly JsonWriterOptions s_readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // The file is for people and holds no HTML.
    };

    public static ClassList Read(string path)
    {
        if (Path.GetExtension(path).Equals(".txt", StringComparison.OrdinalIgnoreCase))
            return ReadLines(path);
        using var json = JsonFile.Read(path, MaxBytes, LpossErrorCode.InvalidClasses, mayBePipe: true);
        return Read(json, path);
    }

    /// <summary>The same of the contents of a file; <paramref name="path"/> names it in messages.</summary>
    public static ClassList Parse(byte[] contents, string path)
    {
        using var json = JsonFile.Parse(contents, path, LpossErrorCode.InvalidClasses);
        return Read(json, path);
    }

    private static ClassList ReadLines(string path)
    {
        var definitions = SmallFile
            .ReadLines(path, MaxBytes, LpossErrorCode.InvalidClasses, mayBePipe: true)
            .Where(line => !string.IsNullOrWhiteSpace(line))
            .Select(line => line.Split(','))
            .Select(prompts => new ClassDefinition(prompts[0]) { Prompts = prompts });
        return Create(definitions, path);
    }

    private static ClassList Read(JsonDocument json, string path)
    {
        const string What = "the list of classes";
        LpossException Refuse(string sentence) => Error(path, sentence);
        var root = json.RootElement;
        return Create(
            root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Any() ? ReadObject(root, Refuse)
                : IsListOfTexts(root)
                    ? JsonObjectReader.TextsOf(root, What, Refuse).Select(name => new ClassDefinition(name))
                : JsonObjectReader.ObjectsOf(root, What, Refuse).Select(ReadClass),
            path
        );
    }

    private static ClassList Create(IEnumerable<ClassDefinition> definitions, string path)
    {
        try
        {
            return new ClassList([.. definitions]);
        }
        catch (LpossException error)
            when (error.Code == LpossErrorCode.InvalidClasses
                && !error.Message.StartsWith(path, StringComparison.Ordinal)
            )
        {
            throw Error(path, error.Message);
        }
    }

    private static LpossException Error(string path, string sentence) =>
        new(LpossErrorCode.InvalidClasses, $"{path}: {sentence}");

    private static bool IsListOfTexts(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array
        && element.GetArrayLength() > 0
        && element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String);

    /// <summary>Each class's prompts, a text or a list of them, under its name.</summary>
    private static IEnumerable<ClassDefinition> ReadObject(JsonElement root, Func<string, Exception> refuse) =>
        root.EnumerateObject()
            .Select(member => new ClassDefinition(member.Name)
            {
                Prompts =
                    member.Value.ValueKind == JsonValueKind.String
                        ? [JsonObjectReader.TextOf(member.Value, member.Name, refuse)]
                        : JsonObjectReader.TextsOf(member.Value, member.Name, refuse),
            });

    public static string Write(ClassList list)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_readable))
        {
            json.WriteStartArray();
            foreach (var c in list.Classes)
            {
                json.WriteStartObject();
                json.WriteString("name", c.Name);
                json.WriteStartArray("prompts");
                foreach (string prompt in c.Prompts)
                    json.WriteStringValue(prompt);
                json.WriteEndArray();
                json.WriteNumber("id", c.Id);
                json.WriteString("colour", c.Colour.ToString());
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static ClassDefinition ReadClass(JsonObjectReader reader)
    {
        var definition = new ClassDefinition(reader.Text("name"))
        {
            Prompts = reader.OptionalTexts("prompts"),
            Id = reader.OptionalInteger("id", 0, ClassList.LargestId),
            Colour = ReadColour(reader),
        };
        reader.RejectUnknown();
        return definition;
    }

    private static RgbColour? ReadColour(JsonObjectReader reader)
    {
        string? colour = reader.OptionalText("colour"),
            color = reader.OptionalText("color");
        if (colour is not null && color is not null)
            throw reader.Error("color", "is given beside colour; give one of them.");
        if ((colour ?? color) is not { } text)
            return null;
        return RgbColour.TryParse(text, out var parsed)
            ? parsed
            : throw reader.Error(
                colour is null ? "color" : "colour",
                $"is '{text}'; it must be \"#rrggbb\", six hexadecimal digits."
            );
    }
}
