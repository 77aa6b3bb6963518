package runs

import (
	"cmp"
	"encoding/json"

	"glyph/train"
)

// Epoch is the record of an epoch as it stands in summary.json and in a
// checkpoint.
type Epoch struct {
	Epoch              int      `json:"epoch"`  // from 1
	Images             int      `json:"images"` // trained on: fewer than there are where it was interrupted
	LR                 float32  `json:"lr"`     // of its last step
	TrainLoss          float64  `json:"train_loss"`
	TrainAccuracy      float64  `json:"train_accuracy"`
	ValidationLoss     *float64 `json:"validation_loss,omitempty"` // if there is a validation set
	ValidationAccuracy *float64 `json:"validation_accuracy,omitempty"`
	ImagesPerSecond    float64  `json:"images_per_second"`
}

// UnmarshalJSON reads an epoch of this version or of an older one.
func (e *Epoch) UnmarshalJSON(text []byte) error {
	type plain Epoch
	old := struct {
		*plain
		oldValidation
	}{plain: (*plain)(e)}
	if err := json.Unmarshal(text, &old); err != nil {
		return err
	}
	// Older versions left out a figure that was exactly 0.
	if zero := 0.0; old.Loss != nil || old.Accuracy != nil {
		old.Loss, old.Accuracy = cmp.Or(old.Loss, &zero), cmp.Or(old.Accuracy, &zero)
	}
	old.into(&e.ValidationLoss, &e.ValidationAccuracy)
	return nil
}

// oldValidation is what older versions called the figures of a validation set.
type oldValidation struct {
	Loss     *float64 `json:"holdout_loss"`
	Accuracy *float64 `json:"holdout_accuracy"`
}

// into fills in what is missing under the current names.
func (o oldValidation) into(loss, accuracy **float64) {
	if *loss == nil {
		*loss = o.Loss
	}
	if *accuracy == nil {
		*accuracy = o.Accuracy
	}
}

// Epochs is a training's epochs as they are stored.
func Epochs(list []train.Epoch) []Epoch {
	kept := make([]Epoch, len(list))
	for i, e := range list {
		kept[i] = Epoch{
			Epoch: e.Epoch, Images: e.Images, LR: e.LR, TrainLoss: e.TrainLoss, TrainAccuracy: e.TrainAccuracy,
			ImagesPerSecond: e.ImagesPerSecond,
		}
		if v := e.Validation; v != nil {
			kept[i].ValidationLoss, kept[i].ValidationAccuracy = &v.Loss, &v.Accuracy
		}
	}
	return kept
}

// train is the epoch as package train knows it.
func (e Epoch) train() train.Epoch {
	t := train.Epoch{
		Epoch: e.Epoch, Images: e.Images, LR: e.LR, TrainLoss: e.TrainLoss, TrainAccuracy: e.TrainAccuracy,
		ImagesPerSecond: e.ImagesPerSecond,
	}
	if e.ValidationLoss != nil {
		t.Validation = &train.Score{Loss: *e.ValidationLoss}
		if e.ValidationAccuracy != nil {
			t.Validation.Accuracy = *e.ValidationAccuracy
		}
	}
	return t
}
