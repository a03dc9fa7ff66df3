using System.Text.Encodings.Web;
using System.Text.Json;
using Lposs.Files;

namespace Lposs.Tools.Formats;

/// <summary>What the JSON files of COCO's two forms share: images, then an annotation list from fragments, then
/// categories.</summary>
internal static class CollectionJson
{
    private const int FlushEvery = 1 << 16;

    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON text in memory.</summary>
    public static byte[] Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_plain))
            write(json);
        return stream.ToArray();
    }

    /// <summary>Writes the file of a collection, in order of names; ids of images count from 1.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="images">The images; gone through twice.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="ofThings">What "isthing" of each category is; null: left out.</param>
    /// <param name="annotate">Writes the annotations of one image, given its id.</param>
    public static void Write(
        string path,
        IEnumerable<FinishedImage> images,
        ClassList classes,
        int? ofThings,
        Action<Utf8JsonWriter, FinishedImage, int> annotate
    ) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                using var json = new Utf8JsonWriter(stream, s_plain);
                json.WriteStartObject();
                json.WriteStartArray("images");
                ForEach(
                    json,
                    images,
                    (image, id) =>
                    {
                        json.WriteStartObject();
                        json.WriteNumber("id", id);
                        json.WriteString("file_name", image.InputName);
                        json.WriteNumber("width", image.Width);
                        json.WriteNumber("height", image.Height);
                        json.WriteEndObject();
                    }
                );
                json.WriteEndArray();
                json.WriteStartArray("annotations");
                ForEach(json, images, (image, id) => annotate(json, image, id));
                json.WriteEndArray();
                WriteCategories(json, classes, ofThings);
                json.WriteEndObject();
            }
        );

    private static void ForEach(
        Utf8JsonWriter json,
        IEnumerable<FinishedImage> images,
        Action<FinishedImage, int> write
    )
    {
        int id = 0;
        foreach (var image in images)
        {
            write(image, checked(++id));
            if (json.BytesPending > FlushEvery)
                json.Flush();
        }
    }

    private static void WriteCategories(Utf8JsonWriter json, ClassList classes, int? ofThings)
    {
        json.WriteStartArray("categories");
        foreach (var c in classes.Classes)
        {
            json.WriteStartObject();
            json.WriteNumber("id", c.Id);
            json.WriteString("name", c.Name);
            json.WriteString("supercategory", "");
            if (ofThings is { } isThing)
            {
                json.WriteNumber("isthing", isThing);
                json.WriteStartArray("color");
                json.WriteNumberValue(c.Colour.R);
                json.WriteNumberValue(c.Colour.G);
                json.WriteNumberValue(c.Colour.B);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
