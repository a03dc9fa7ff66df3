namespace Lposs.Cli.Help;

/// <summary>Examples that <c>--help</c> ends with, for a newcomer to copy.</summary>
internal static class Examples
{
    /// <summary>The examples of a command, indented; empty for a command without any.</summary>
    /// <param name="command">Its full name, such as "lposs segment".</param>
    public static string Of(string command) =>
        command switch
        {
            "lposs" => """
                  lposs segment street.jpg --classes "sky, road; street, building, tree, car" -f labels,overlay
                  lposs doctor

                """,
            "lposs segment" => """
                  lposs segment street.jpg --classes "sky, road; street, building, tree, car" -f labels,overlay
                  lposs segment *.jpg -c classes.json -o labels --mode lposs --threads 8
                  lposs segment photo.jpg -c "zebra, grass" --model ~/models/clip-dino --templates imagenet --json

                """,
            "lposs batch" => """
                  lposs batch photos -c "sky, road; street, building, tree, car" -o results
                  lposs batch "photos/**/*.jpg" @more.txt -c classes.json -o results --format labels,overlay
                  lposs batch "shard-{000..127}.tar" -c classes.json -o results --shard auto
                  lposs batch merge results

                """,
            "lposs propagate" => """
                  lposs propagate --image photo.png --vm dino.npy --vlm clip.npy --text text.npy -o labels.png
                  lposs propagate --image photo.png --vm dino.npy --vlm clip.npy --text prompts.npy \
                      --mapping classes.npy --k 200 --size 480x640 -f scores -o scores.npy

                """,
            "lposs refine" => """
                  lposs refine --image photo.jpg --labels coarse.png -o sharp.png
                  lposs refine --image photo.jpg --scores logits.npy -f labels,overlay,scores -o sharp

                """,
            "lposs batch merge" => """
                  lposs batch merge results

                """,
            "lposs eval" or "lposs eval maps" => """
                  lposs eval maps results truth -c classes.json
                  lposs eval maps results data/gtFine/val --gt-suffix _labelTrainIds.png -c cityscapes --json

                """,
            "lposs eval run" => """
                  lposs eval run voc ~/data --model laion2b-b16-dino-b16 --mode vlm,lposs,lposs+
                  lposs eval run cityscapes ~/data --limit 20 -o results -f labels,overlay

                """,
            "lposs eval oracle" => """
                  lposs eval oracle ade20k ~/data --limit 100

                """,
            "lposs classes" => """
                  lposs classes
                  lposs classes cityscapes

                """,
            "lposs bench" => """
                  lposs bench --size 448x597 --classes 21 --compare reference
                  lposs bench --grid --json

                """,
            "lposs doctor" => """
                  lposs doctor
                  lposs doctor --json | jq .devices

                """,
            "lposs models" or "lposs models show" => """
                  lposs models show ~/models/clip-dino

                """,
            "lposs models list" => """
                  lposs models list

                """,
            "lposs models pull" => """
                  lposs models pull laion2b-b16-dino-b16
                  lposs models pull laion2b-b16-dinov2-b14 --accept-licence --mirror https://mirror.example.org

                """,
            "lposs models import" => """
                  lposs models import -o ~/models/clip-dino --clip open_clip_model.safetensors \
                      --clip-config open_clip_config.json --dino dino.safetensors \
                      --vocabulary bpe_simple_vocab_16e6.txt.gz
                  lposs segment street.jpg -c "sky, road; street, building" --model ~/models/clip-dino

                """,
            "lposs models check" => """
                  lposs models check ~/models/clip-dino
                  lposs models check laion2b-b16-dino-b16 --device cuda --json

                """,
            _ => "",
        };
}
