using System.Text.Json;

namespace Lposs.Tools.Formats;

/// <summary>
/// "panoptic": panoptic/NAME.png and panoptic.json, COCO's panoptic form. Each class that an image holds is one segment
/// of stuff, whose id is the class's id plus 1, since 0 means no segment; the PNG's colour is id = R + 256 G + 65536 B.
/// </summary>
internal sealed class PanopticFormat : ICollectionFormat
{
    public string Name => "panoptic";

    public ResultNeeds Needs => ResultNeeds.None;

    public IReadOnlyList<string> Paths(string stem) =>
        [StemPath.Of("panoptic/", stem, ".png"), StemPath.Of(StemPath.Fragments + "panoptic/", stem, ".json")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result)
    {
        var paths = Paths(stem);
        using var png = new MemoryStream();
        PngFile.WriteColours(
            png,
            result.Labels,
            label =>
            {
                int id = label == result.Labels.NoData ? 0 : label + 1;
                return new RgbColour((byte)id, (byte)(id >> 8), (byte)(id >> 16));
            }
        );
        byte[] segments = CollectionJson.Text(json =>
        {
            json.WriteStartArray();
            foreach (var region in ClassRegion.Of(result.Labels))
                Write(json, region);
            json.WriteEndArray();
        });
        return [ResultFile.Of(paths[0], png), new ResultFile(paths[1], segments)];
    }

    public void Assemble(string folder, IEnumerable<FinishedImage> images, ClassList classes) =>
        CollectionJson.Write(
            Path.Combine(folder, "panoptic.json"),
            images,
            classes,
            ofThings: 0,
            (json, image, id) =>
            {
                using var fragment = Fragment.ReadList(folder, Paths(image.Stem)[1]);
                json.WriteStartObject();
                json.WriteNumber("image_id", id);
                json.WriteString("file_name", image.Stem + ".png");
                json.WritePropertyName("segments_info");
                fragment.RootElement.WriteTo(json);
                json.WriteEndObject();
            }
        );

    private static void Write(Utf8JsonWriter json, ClassRegion region)
    {
        json.WriteStartObject();
        json.WriteNumber("id", region.Id + 1);
        json.WriteNumber("category_id", region.Id);
        json.WriteNumber("area", region.Area);
        json.WriteStartArray("bbox");
        foreach (int side in region.Box)
            json.WriteNumberValue(side);
        json.WriteEndArray();
        json.WriteNumber("iscrowd", 0);
        json.WriteEndObject();
    }
}
