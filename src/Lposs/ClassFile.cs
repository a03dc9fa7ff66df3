using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lposs.Json;

namespace Lposs;

/// <summary>
/// The class file: a JSON list of objects with <c>name</c> and, if wanted, <c>prompts</c> (a list of texts),
/// <c>id</c> (0 to 65534, on all classes or on none) and <c>colour</c> ("#rrggbb").
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
        using var json = JsonFile.Read(path, MaxBytes, LpossErrorCode.InvalidClasses, mayBePipe: true);
        return Read(json, path);
    }

    /// <summary>The same of the contents of a file; <paramref name="path"/> names it in messages.</summary>
    public static ClassList Parse(byte[] contents, string path)
    {
        using var json = JsonFile.Parse(contents, path, LpossErrorCode.InvalidClasses);
        return Read(json, path);
    }

    private static ClassList Read(JsonDocument json, string path)
    {
        LpossException Error(string sentence) => new(LpossErrorCode.InvalidClasses, $"{path}: {sentence}");
        ClassDefinition[] definitions =
        [
            .. JsonObjectReader.ObjectsOf(json.RootElement, "the list of classes", Error).Select(ReadClass),
        ];
        try
        {
            return new ClassList(definitions);
        }
        catch (LpossException error) when (error.Code == LpossErrorCode.InvalidClasses)
        {
            throw Error(error.Message);
        }
    }

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
        if (reader.OptionalText("colour") is not { } text)
            return null;
        return RgbColour.TryParse(text, out var colour)
            ? colour
            : throw reader.Error("colour", $"is '{text}'; it must be \"#rrggbb\", six hexadecimal digits.");
    }
}
