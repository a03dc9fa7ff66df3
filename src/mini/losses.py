"""What training minimises. Shapes: B crops (crop 2i and 2i + 1 are of one scene) of N patches, all B * N patches in a row; D = WIDTH."""
import torch
from torch.nn import functional as F

_PURE = 0.7  # a patch with one answer: share of its pixels
_GRAPH_TEMPERATURE = 0.1
_SAME_CLASS = 0.35  # how much of an edge two patches of one class in one scene deserve, beside 1 in one region
_SAME_CLASS_ELSEWHERE = 0.1  # in two scenes


def by_share(logits, shares, weights):
    """Cross entropy with soft answers: logits [P, C + U], of which the last U belong to texts that nothing shows;
    shares [P, C] of each class in each patch; weights [C]."""
    weighted = shares * weights
    return -(weighted * F.log_softmax(logits, -1)[:, : shares.shape[1]]).sum() / weighted.sum().clamp(min=1e-6)


def by_answer(logits, answers):
    """Cross entropy of patches [P, T] with one answer each, 0 where there is none of them."""
    return F.cross_entropy(logits, answers) if len(answers) else logits.sum()


def pure(purity):
    return purity > _PURE


def of_the_graph(features, shares, regions, region_purity, anchors):
    """Each anchor's neighbours, by softmax of cosines over the patches of all crops, are to be those of its region, in either
    crop of the scene, less so those of its class, and least those of its class in other scenes.

    features [B, N, D], shares [B, N, C], regions and region_purity [B, N]; anchors int64 [A], places in B * N."""
    b, n, _ = features.shape
    features, shares = features.flatten(0, 1), F.normalize(shares.flatten(0, 1), dim=-1)
    scenes = torch.arange(b * n, device=features.device) // (2 * n)
    regions = regions.flatten()
    itself = torch.arange(b * n, device=features.device) == anchors[:, None]

    same_scene = scenes[anchors][:, None] == scenes
    same_region = same_scene & (regions[anchors][:, None] == regions)
    deserved = torch.where(same_region, 1.0, torch.where(same_scene, _SAME_CLASS, _SAME_CLASS_ELSEWHERE))
    overlap = shares[anchors] @ shares.T
    deserved = (deserved * overlap * (overlap > 0.1)).masked_fill(itself, 0)

    cosines = features[anchors] @ features.T / _GRAPH_TEMPERATURE
    log_share = F.log_softmax(cosines.masked_fill(itself, -1e4), -1)
    total = deserved.sum(-1)
    weight = (total > 0.5) * region_purity.flatten()[anchors]
    loss = -(deserved * log_share).sum(-1) / total.clamp(min=1e-3)
    return (loss * weight).sum() / weight.sum().clamp(min=1)
