(** * Networks as plain data, and what they compute

    The data type of constructs/network.py: layers of neurons with sparse weights, and affine readouts after
    some of the layers. Weights are of any type [A]: literal networks have rational weights ([network Q]),
    their meaning is that of the network of real weights ([real]). *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums.
Import ListNotations.
Local Open Scope R_scope.

(** ** Syntax *)

Inductive activation := Relu | ReluPower (q : nat) | Floor | Exp2 | Sine.

(** The sum of weight * source over [terms], plus [bias]; sources are numbers of neurons of the layer before. *)
Record affine (A : Type) := Affine { terms : list (nat * A); bias : A }.
Arguments Affine {A}. Arguments terms {A}. Arguments bias {A}.

(** A product multiplies its sources. *)
Inductive neuron (A : Type) := Act (a : activation) (u : affine A) | Product (sources : list nat).
Arguments Act {A}. Arguments Product {A}.

Definition layer (A : Type) := list (neuron A).

(** An affine head on layer number [after], counted from 1. *)
Record readout (A : Type) := Readout { level : nat; after : nat; head : affine A }.
Arguments Readout {A}. Arguments level {A}. Arguments after {A}. Arguments head {A}.

Record network (A : Type) := Network { inputs : nat; layers : list (layer A); readouts : list (readout A) }.
Arguments Network {A}. Arguments inputs {A}. Arguments layers {A}. Arguments readouts {A}.

(** ** Size *)

Definition width {A} (n : network A) : nat := fold_right Nat.max 0%nat (map (@length _) (layers n)).
Definition depth {A} (n : network A) : nat := length (layers n).

(** Every source exists, and so does every layer that a readout reads. *)
Definition reads_below {A} (w : nat) (u : affine A) : Prop := Forall (fun t => (fst t < w)%nat) (terms u).
Definition neuron_reads_below {A} (w : nat) (n : neuron A) : Prop :=
  match n with Act _ u => reads_below w u | Product s => Forall (fun i => (i < w)%nat) s end.
Fixpoint layers_wf {A} (w : nat) (ls : list (layer A)) : Prop :=
  match ls with [] => True | l :: ls' => Forall (neuron_reads_below w) l /\ layers_wf (length l) ls' end.
Definition width_after {A} (n : network A) (k : nat) : nat :=
  last (map (@length _) (firstn k (layers n))) (inputs n).
Definition well_formed {A} (n : network A) : Prop :=
  layers_wf (inputs n) (layers n) /\
  Forall (fun r => (after r <= depth n)%nat /\ reads_below (width_after n (after r)) (head r)) (readouts n).

(** The network cut after layer [k]: the same neurons, the readouts up to there. *)
Definition prefix {A} (k : nat) (n : network A) : network A :=
  Network (inputs n) (firstn k (layers n)) (filter (fun r => Nat.leb (after r) k) (readouts n)).

(** ** Meaning *)

Definition activate (a : activation) (t : R) : R :=
  match a with
  | Relu => Rmax t 0
  | ReluPower q => Rmax t 0 ^ q
  | Floor => IZR (Zfloor t)
  | Exp2 => Rpower 2 t
  | Sine => sin t
  end.

Fixpoint terms_eval (ts : list (nat * R)) (s : list R) : R :=
  match ts with [] => 0 | (i, w) :: ts' => w * coord i s + terms_eval ts' s end.
Definition affine_eval (u : affine R) (s : list R) : R := terms_eval (terms u) s + bias u.
Definition neuron_eval (s : list R) (n : neuron R) : R :=
  match n with
  | Act a u => activate a (affine_eval u s)
  | Product sources => fold_right (fun i acc => coord i s * acc) 1 sources
  end.
Definition layer_eval (s : list R) (l : layer R) : list R := map (neuron_eval s) l.
Definition state (ls : list (layer R)) (x : list R) : list R := fold_left layer_eval ls x.
Definition output (n : network R) (r : readout R) (x : list R) : R :=
  affine_eval (head r) (state (firstn (after r) (layers n)) x).

(** ** Change of weights *)

Definition map_affine {A B} (g : A -> B) (u : affine A) : affine B :=
  Affine (map (fun t => (fst t, g (snd t))) (terms u)) (g (bias u)).
Definition map_neuron {A B} (g : A -> B) (n : neuron A) : neuron B :=
  match n with Act a u => Act a (map_affine g u) | Product s => Product s end.
Definition map_readout {A B} (g : A -> B) (r : readout A) : readout B :=
  Readout (level r) (after r) (map_affine g (head r)).
Definition map_network {A B} (g : A -> B) (n : network A) : network B :=
  Network (inputs n) (map (map (map_neuron g)) (layers n)) (map (map_readout g) (readouts n)).

(** What a network of rational weights means. *)
Definition real : network Q -> network R := map_network Q2R.

(** ** Facts *)

Lemma state_app : forall a b x, state (a ++ b) x = state b (state a x).
Proof. intros; apply fold_left_app. Qed.

Lemma layer_eval_app : forall s a b, layer_eval s (a ++ b) = layer_eval s a ++ layer_eval s b.
Proof. intros; apply map_app. Qed.

Lemma layer_eval_vec : forall s d (F : nat -> neuron R), layer_eval s (vec d F) = vec d (fun i => neuron_eval s (F i)).
Proof. intros; unfold layer_eval, vec; apply map_map. Qed.

Lemma terms_eval_app : forall a b s, terms_eval (a ++ b) s = terms_eval a s + terms_eval b s.
Proof. induction a as [|[i w] a IH]; intros; simpl; [lra|]. rewrite IH; lra. Qed.

(** The terms [w 0], ..., [w (d-1)] on the sources [k], ..., [k+d-1]. *)
Definition row {A} (k d : nat) (w : nat -> A) : list (nat * A) := vec d (fun i => ((k + i)%nat, w i)).

Lemma terms_eval_row : forall k d w s, terms_eval (row k d w) s = sum d (fun i => w i * coord (k + i) s).
Proof.
  intros k d w s. induction d; [reflexivity|]. unfold row, vec in *.
  rewrite seq_S, map_app, terms_eval_app, IHd. simpl. lra.
Qed.

(** Every readout of the prefix computes what it does in the whole network. *)
Theorem prefix_output : forall (n : network R) k r x, (after r <= k)%nat -> output (prefix k n) r x = output n r x.
Proof. intros. unfold output, prefix; simpl. rewrite firstn_firstn, Nat.min_l by assumption. reflexivity. Qed.

Lemma width_le : forall A (n : network A) w, Forall (fun l : layer A => (length l <= w)%nat) (layers n) -> (width n <= w)%nat.
Proof. unfold width. intros A [i ls r] w; simpl. induction 1; simpl; lia. Qed.

Lemma width_map : forall A B (g : A -> B) (n : network A), width (map_network g n) = width n.
Proof.
  intros. unfold width, map_network; simpl. rewrite map_map.
  f_equal. apply map_ext. intros; apply map_length.
Qed.

Lemma depth_map : forall A B (g : A -> B) (n : network A), depth (map_network g n) = depth n.
Proof. intros; apply map_length. Qed.
