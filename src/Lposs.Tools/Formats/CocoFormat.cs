using System.Text.Json;

namespace Lposs.Tools.Formats;

/// <summary>
/// "coco": coco.json, one annotation for each class that an image holds, with run lengths down the columns in COCO's
/// compressed form; "category_id" is the class's id.
/// </summary>
internal sealed class CocoFormat : ICollectionFormat
{
    public string Name => "coco";

    public ResultNeeds Needs => ResultNeeds.None;

    public IReadOnlyList<string> Paths(string stem) => [StemPath.Of(StemPath.Fragments + "coco/", stem, ".json")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result)
    {
        var labels = result.Labels;
        return
        [
            new ResultFile(
                Paths(stem)[0],
                CollectionJson.Text(json =>
                {
                    json.WriteStartArray();
                    foreach (var region in ClassRegion.Of(labels))
                        Write(json, region, labels);
                    json.WriteEndArray();
                })
            ),
        ];
    }

    public void Assemble(string folder, IEnumerable<FinishedImage> images, ClassList classes)
    {
        long annotation = 0;
        CollectionJson.Write(
            Path.Combine(folder, "coco.json"),
            images,
            classes,
            ofThings: null,
            (json, image, id) =>
            {
                using var fragment = Fragment.ReadList(folder, Paths(image.Stem)[0]);
                foreach (var region in fragment.RootElement.EnumerateArray())
                {
                    json.WriteStartObject();
                    json.WriteNumber("id", ++annotation);
                    json.WriteNumber("image_id", id);
                    foreach (var property in region.EnumerateObject())
                        property.WriteTo(json);
                    json.WriteEndObject();
                }
            }
        );
    }

    private static void Write(Utf8JsonWriter json, ClassRegion region, LabelMap labels)
    {
        json.WriteStartObject();
        json.WriteNumber("category_id", region.Id);
        json.WriteNumber("area", region.Area);
        json.WriteStartArray("bbox");
        foreach (int side in region.Box)
            json.WriteNumberValue(side);
        json.WriteEndArray();
        // To COCO's programs a mask of runs is one of a crowd, in its own words: several things under one mask.
        json.WriteNumber("iscrowd", 1);
        json.WriteStartObject("segmentation");
        json.WriteStartArray("size");
        json.WriteNumberValue(labels.Height);
        json.WriteNumberValue(labels.Width);
        json.WriteEndArray();
        json.WriteString("counts", RunLengthText.Of(region.Counts));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
